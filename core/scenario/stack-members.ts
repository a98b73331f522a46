// What the probes of a host's network stack are about: its threads and locks, its interfaces, its bus. The names are those that
// core/stack gives; a test compares them.

import type { ResolvedNic, ResolvedStack } from './resolved-machine';

/** A host whose network stack runs on its CPUs. */
export interface StackHost {
  readonly host: string;
  readonly cpus: number;
  readonly stack: ResolvedStack;
  readonly nic: ResolvedNic;
  /** Links that it is at an end of. */
  readonly links: readonly string[];
}

/** Members of probe families, as `host/part` or the host alone. */
export interface StackMembers {
  readonly thread: string[];
  readonly sync: string[];
  readonly nic: string[];
  readonly bus: string[];
  readonly stack: string[];
}

function count(length: number, name: (index: string) => string): string[] {
  return Array.from({ length }, (_, index) => name(String(index)));
}

function protocolThreads({ stack, cpus }: StackHost): string[] {
  if (stack.model !== 'pmp') return ['swi net'];
  const owners = stack.hash === 'xor' ? 2 ** Math.floor(Math.log2(cpus)) : cpus;
  if (stack.protocolThreads === 'one') return count(owners, (cpu) => `netisr ${cpu}`);
  return ['tcp', 'udp', 'netisr'].flatMap((family) => count(owners, (cpu) => `${family} ${cpu}`));
}

function interruptThreads({ nic, links }: StackHost): string[] {
  return links.flatMap((link) =>
    nic.rings === 1 ? [`nic ${link}`] : count(nic.rings, (ring) => `nic ${link} ring ${ring}`),
  );
}

function locks({ stack }: StackHost): string[] {
  if (stack.model === 'mutex') return ['connection table', 'connections', 'socket buffers'];
  return stack.model === 'grouplock' ? ['connection groups'] : [];
}

export function stackMembers(hosts: readonly StackHost[]): StackMembers {
  const on = (parts: (host: StackHost) => readonly string[]): string[] =>
    hosts.flatMap((host) => parts(host).map((part) => `${host.host}/${part}`));
  const names = hosts.map(({ host }) => host);
  return {
    thread: on((host) => [...protocolThreads(host), ...interruptThreads(host)]),
    sync: on(locks),
    nic: on(({ links }) => links),
    bus: names,
    stack: names,
  };
}

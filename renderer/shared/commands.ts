// Everything that can be done, by name: menus, shortcuts and the palette carry out the same commands.

import { shallowReactive } from 'vue';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys?: string;
  readonly enabled?: () => boolean;
  readonly run: () => void;
}

const registry = shallowReactive(new Map<string, Command>());

export function register(...commands: readonly Command[]): void {
  for (const command of commands) registry.set(command.id, command);
}

export function commands(): Command[] {
  return [...registry.values()].sort((a, b) => a.title.localeCompare(b.title));
}

export function isEnabled(id: string): boolean {
  const command = registry.get(id);
  return command !== undefined && (command.enabled === undefined || command.enabled());
}

/** Carries a command out if it exists and can be; whether it was. */
export function execute(id: string): boolean {
  if (!isEnabled(id)) return false;
  registry.get(id)?.run();
  return true;
}

// Experiment 3: an application that serves some of its system calls itself, beside the kernel and beside another process.

import { CapsNames, PutOnlyPort, SystemCalls } from '../../kernel';
import { PROFILES } from '../../machine';
import { exactly, near, straight } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';

const SERVICE_NS = 500;
const WHO = { uid: 100, gid: 100 };
const PATHS = { application: 'in the application', kernel: 'in the kernel', process: 'in another process' } as const;

export const applicationPorts: Lab = {
  id: '03-application-ports',
  experiment: 3,
  title: 'An application’s own port',
  slide: 'Application-specific customisation; user-land messaging',
  topics: ['messaging', 'user-land'],
  mechanisms: ['messages and ports', 'user-land messaging', 'copies'],
  question:
    'What does a call cost that the application’s own port serves, against the kernel’s port, and against another process through CAPS?',
  expected: 'A constant for each crossing, whatever the call does, and a slope for each copy of its bytes.',
  sources: [
    'kernel.md §1.8: messages and ports in user-land; CAPS states request, reply, dispose',
    'kernel.md §11: system call 200 ns, copy 0.7 ns a byte, switch with change of the address space 1,750 ns',
  ],
  lookFor:
    'The application’s own port has neither: it is a call. CAPS has four crossings, two copies and two changes of the address space.',
  factors: [
    { name: 'path', label: 'Served', levels: Object.values(PATHS) },
    {
      name: 'bytes',
      label: 'Bytes of the request',
      unit: 'bytes',
      levels: [0, 1024, 2048, 4096, 8192, 16_384],
      quick: [0, 4096, 16_384],
    },
  ],
  measures: [
    { name: 'time', label: 'Time per call', unit: 'ns' },
    { name: 'switches', label: 'Switches per call', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'bytes', y: 'time', lines: ['path'] },

  measure({ path, bytes }, setting) {
    const machine = onMachine(setting, { cpus: 1 });
    const { kernel } = machine;
    const count = setting.quick ? 500 : 5000;
    const size = Number(bytes);
    let spentNs = 0;
    if (path === PATHS.process) {
      const names = new CapsNames();
      kernel.start(
        'server',
        function* (k) {
          const service = yield* names.serve(k, 'store', WHO);
          for (;;) {
            const message = yield* service.receive(k);
            yield k.work(SERVICE_NS);
            yield* service.reply(k, message, 0);
          }
        },
        { addressSpace: Symbol('server') },
      );
      kernel.start(
        'client',
        function* (k) {
          yield k.sleep(10_000);
          const client = (yield* names.connect(k, 'store', WHO, WHO))!;
          const from = k.now;
          for (let i = 0; i < count; i += 1) yield* client.call(k, size);
          spentNs = k.now - from;
        },
        { addressSpace: Symbol('client') },
      );
    } else {
      const port = new PutOnlyPort('store', (cpu) => {
        cpu.charge(SERVICE_NS);
        return 0;
      });
      const calls = new SystemCalls(new Map([['store', port]]));
      if (path === PATHS.application)
        calls.interpose('store', function* (k) {
          yield k.work(SERVICE_NS);
          return 0;
        });
      kernel.start('application', function* (k) {
        const message = k.newMessage();
        const from = k.now;
        for (let i = 0; i < count; i += 1) yield* calls.call(k, 'store', message, size);
        yield k.work(0);
        spentNs = k.now - from;
      });
    }
    machine.run(60e9);
    return { time: spentNs / count, switches: sumOf(kernel, ({ switches }) => switches) / count };
  },

  checks(table) {
    const { syscallNs, copyNsPerByte, switchNs, addressSpaceNs } = PROFILES['opteron-1800'];
    const over = (path: string): { x: number; y: number }[] => table.over('time', 'bytes', { path });
    const at = (path: string, bytes: number): number => table.at('time', { path, bytes });
    const slope = (path: string): number => (over(path).at(-1)!.y - over(path)[0]!.y) / over(path).at(-1)!.x;
    return [
      near(
        'the kernel’s port over the application’s, no bytes: one crossing, ns',
        at(PATHS.kernel, 0) - at(PATHS.application, 0),
        syscallNs,
        0.05,
      ),
      near(
        'another process over the application’s port, no bytes: four crossings and two switches, ns',
        at(PATHS.process, 0) - at(PATHS.application, 0),
        4 * syscallNs + 2 * (switchNs + addressSpaceNs),
        0.1,
      ),
      exactly('the application’s port copies nothing: slope', slope(PATHS.application), 0),
      near('the kernel copies once: slope, ns a byte', slope(PATHS.kernel), copyNsPerByte, 0.02),
      near('CAPS copies twice: slope, ns a byte', slope(PATHS.process), 2 * copyNsPerByte, 0.02),
      straight('CAPS: the offset is the same for all sizes', over(PATHS.process), 0.01),
    ];
  },
};

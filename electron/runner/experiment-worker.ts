// A process of the pool: told a plan, then run after run of it, over a port to the process that conducts the experiment. A program of its
// own with nothing but worlds in it, because it starts several times for each experiment.

import { carryOut, jobOf, type Plan, readPlan, type WorkerOrder } from '../../core/experiment';
import { World } from '../../core/world';

process.parentPort.once('message', ({ ports }) => {
  const [port] = ports;
  if (port === undefined) throw new Error('a worker needs a port to who conducts');
  serve(port);
});

function serve(port: Electron.MessagePortMain): void {
  let plan: Plan | undefined;
  port.on('message', ({ data }) => {
    const order = data as WorkerOrder;
    if (order.type === 'plan') {
      const read = readPlan(order.document, 'plan');
      if (!read.ok) throw new Error('the plan has problems that its reader should have found');
      plan = read.value;
      return;
    }
    if (plan === undefined) throw new Error('a run without a plan');
    port.postMessage(
      carryOut(plan, jobOf(plan, order.point, order.replication), {
        build: (scenario) => new World(scenario),
        now: () => performance.now() / 1000,
        // Who conducts ends this process through main; the system does when main has gone.
        look: () => undefined,
      }),
    );
  });
  port.on('close', () => process.exit(0));
  port.start();
}

// world: turns a resolved scenario into a running world and steps it. The only room that knows all the others of
// the simulator. Realises architecture.md §1 and §3 (a person presses Run).

export type { WorldOptions } from './options';
export { World } from './world';

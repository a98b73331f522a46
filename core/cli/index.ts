// cli: the command line. One file a command; what they share is reading a scenario, progress and exit codes. Sits on
// top of all rooms of core, and may use Node. Realises product.md §3.2 and §3.5.

export { main } from './main';

// traffic: what applications want. A flow and its counts, and one file for each kind of workload. Knows hosts and
// sockets, not links or scenarios. Realises product.md §3.3 (traffic kinds) and style.md §3.5 (applications).

export { startBulk } from './bulk';
export type { DatagramOptions } from './datagrams';
export { startDatagrams } from './datagrams';
export type { EndRole, FlowCounts, FlowObserver, FlowSetting } from './flow';
export { Flow } from './flow';
export type { OnOffOptions } from './onoff';
export { startOnOff } from './onoff';
export type { ReplayRecord } from './replay';
export { startTcpReplay, startUdpReplay } from './replay';
export type { RequestResponseOptions } from './request-response';
export { startRequestResponse } from './request-response';
export { startSynFlood } from './syn-flood';
export type { Distribution } from './sizes';
export { draw } from './sizes';
export { startTransfer } from './transfer';
export type { WebOptions } from './web';
export { startWeb } from './web';

// capture: files of captured packets. Reads pcap and pcapng, writes pcapng, and turns a capture into a scenario that
// replays it. Knows packets and scenarios, not worlds. Realises product.md §3.2 (import) and §3.4 (capture.pcapng).

export { PcapngWriter } from './pcapng-writer';
export type { CaptureContents, CapturedDatagram } from './reader';
export { readCapture } from './reader';
export type { ImportedCapture } from './to-scenario';
export { captureToScenario } from './to-scenario';

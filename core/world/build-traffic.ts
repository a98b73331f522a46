// Flows from a scenario.

import { type FlowId, type Nanos, nanos, TIME_NEVER } from '../base';
import type { Engine, Streams } from '../engine';
import type { ResolvedFlow } from '../scenario';
import type { Host } from '../stack';
import {
  Flow,
  startBulk,
  startDatagrams,
  startOnOff,
  startRequestResponse,
  startSynFlood,
  startTcpReplay,
  startTransfer,
  startUdpReplay,
  startWeb,
} from '../traffic';

export function buildFlow(
  flow: ResolvedFlow,
  index: FlowId,
  setting: { engine: Engine; streams: Streams; host: (id: string) => Host },
): Flow {
  const stopAt: Nanos = flow.stopNs === undefined ? TIME_NEVER : nanos(flow.stopNs);
  const isUdp =
    flow.kind === 'udp-cbr' || flow.kind === 'udp-poisson' || (flow.kind === 'replay' && flow.protocol === 'udp');
  const built = new Flow(flow.id, index, flow.kind, isUdp ? 'udp' : 'tcp', {
    engine: setting.engine,
    random: setting.streams.named(`flow/${flow.id}`),
    from: setting.host(flow.from),
    to: setting.host(flow.to),
    startAt: nanos(flow.startNs),
    stopAt,
    port: flow.port,
  });
  startKind(built, flow);
  return built;
}

function startKind(built: Flow, flow: ResolvedFlow): void {
  switch (flow.kind) {
    case 'bulk':
      startBulk(built, flow.urgentAt);
      break;
    case 'transfer':
      startTransfer(built, flow);
      break;
    case 'web':
      startWeb(built, flow);
      break;
    case 'request-response':
      startRequestResponse(built, { ...flow, count: flow.count ?? Infinity });
      break;
    case 'onoff':
      startOnOff(built, { ...flow, rateBps: flow.rateBps ?? Infinity });
      break;
    case 'udp-cbr':
    case 'udp-poisson':
      startDatagrams(built, { ...flow, process: flow.kind === 'udp-cbr' ? 'cbr' : 'poisson' });
      break;
    case 'syn-flood':
      startSynFlood(built, flow);
      break;
    case 'replay':
      if (flow.protocol === 'udp') startUdpReplay(built, flow.records);
      else startTcpReplay(built, flow.records);
      break;
  }
}

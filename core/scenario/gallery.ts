// The ready scenarios, in the order in which a newcomer should meet them.

import asymmetric from '../../scenarios/asymmetric.json';
import bufferbloat from '../../scenarios/bufferbloat.json';
import dumbbell from '../../scenarios/dumbbell.json';
import explicitDrops from '../../scenarios/explicit-drops.json';
import lossyLink from '../../scenarios/lossy-link.json';
import parkingLot from '../../scenarios/parking-lot.json';
import rerouting from '../../scenarios/rerouting.json';
import satellite from '../../scenarios/satellite.json';
import synFlood from '../../scenarios/syn-flood.json';
import udpCrossTraffic from '../../scenarios/udp-cross-traffic.json';
import producerConsumer from '../../scenarios/producer-consumer.json';
import fourStacks from '../../scenarios/four-stacks.json';
import segmentLife from '../../scenarios/segment-life.json';
import webServer from '../../scenarios/web-server.json';
import type { Scenario } from './schema';

/** A ready scenario: its file's name without ending, and the document. */
export interface GalleryEntry {
  readonly id: string;
  readonly document: Scenario;
}

/** JSON imports are wider than the schema's literals; a test checks each with the schema. */
const entry = (id: string, document: unknown): GalleryEntry => ({ id, document: document as Scenario });

export const GALLERY: readonly GalleryEntry[] = [
  entry('dumbbell', dumbbell),
  entry('lossy-link', lossyLink),
  entry('bufferbloat', bufferbloat),
  entry('web-server', webServer),
  entry('udp-cross-traffic', udpCrossTraffic),
  entry('explicit-drops', explicitDrops),
  entry('rerouting', rerouting),
  entry('parking-lot', parkingLot),
  entry('asymmetric', asymmetric),
  entry('satellite', satellite),
  entry('syn-flood', synFlood),
  entry('producer-consumer', producerConsumer),
  entry('segment-life', segmentLife),
  entry('four-stacks', fourStacks),
];

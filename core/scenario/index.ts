// scenario: the scenario format. Schema, units in text, validation with every problem at once, defaults, overrides,
// the cost estimate. Plain data: it builds nothing and loads anywhere. Realises product.md §3.2, §3.3 and §4.

export type { CheckedScenario } from './check';
export { checkScenario, parseScenario } from './check';
export type { CostEstimate } from './estimate';
export { estimateCost } from './estimate';
export type { GalleryEntry } from './gallery';
export { GALLERY } from './gallery';
export { pathOf, pointerOf, readJson, SCENARIO_BYTES_MAX, tooLarge } from './json-text';
export { applyOverrides, applySettings, type Setting } from './overrides';
export type { ProbeFieldInfo, RetransmissionCause } from './probe-names';
export {
  BUS_FIELDS,
  CPU_FIELDS,
  FLOW_FIELDS,
  LINK_FIELDS,
  NIC_FIELDS,
  RETRANSMISSION_CAUSES,
  STACK_FIELDS,
  SYNC_FIELDS,
  THREAD_FIELDS,
} from './probe-names';
export { type StackHost, type StackMembers, stackMembers } from './stack-members';
export { kernelSchema, machineSchema } from './machine-schema';
export { nicSchema } from './stack-schema';
export type { ResolvedInterrupt, ResolvedProgram, ResolvedStep, ResolvedThread } from './resolved-program';
export { copiesOf, machineMembers } from './resolved-program';
export type { QuantityKind } from './quantity';
export { formatBytes, formatDuration, formatRate, parsePackets, parseQuantity } from './quantity';
export type { ResolvedHost, ResolvedNode, ResolvedScenario } from './resolved';
export type { ResolvedDistribution, ResolvedFlow, ResolvedReplayRecord } from './resolved-flow';
export { hasUrgentData } from './resolved-flow';
export type { ResolvedChange, ResolvedDirection, ResolvedLink, ResolvedLoss, ResolvedQueue } from './resolved-link';
export type { ResolvedTcp } from './resolved-tcp';
export { DEFAULT_TCP, resolveTcp } from './resolved-tcp';
export type { ReadScenario, Scenario } from './schema';
export type { FieldMeta } from './schema-fields';
export { integer, number, quantity } from './schema-fields';
export { linkSchema, nodeSchema, scenarioJsonSchema, scenarioSchema, trafficSchema } from './schema';
export { tcpSchema } from './tcp-schema';
export { objectSchemaOf, requiredSchema, startOf, variantsOf, wholesOf } from './wholes';
export { knownKeys, metaOf, schemaAt, schemaProblems, valueAt } from './schema-problems';
export type { Places } from './sound-part';
export { NOWHERE, reporter, soundPart } from './sound-part';
export { nearest } from './suggest';
export { withUnits } from './with-units';

// The rules of the parallel stack and its NIC (kernel.md §6, §9, §13), each with the line of code that upholds it, and the tests that
// would notice its absence.

import type { Rule } from './rules';

export interface StackRule extends Rule {
  /** A file of tests; one each, for a run of them is most of what a rule costs. */
  readonly tests: string;
  /** The name of the one that notices, or how it begins. */
  readonly only?: string;
}

const PLACED = 'core/stack/placed';
const RULES = 'test/unit/stack/rules.test.ts';
const ROUNDS = 'test/unit/stack/rounds.test.ts';
const PROTOCOLS = 'test/unit/stack/protocols.test.ts';
const SEGMENTER = 'test/property/segmenter.test.ts';
const SYN_CACHE = 'test/unit/tcp/syn-cache.test.ts';
const URGENT = 'test/unit/tcp/urgent.test.ts';
const CLASSIFY = 'test/unit/nic/classify.test.ts';

export const STACK_RULES: readonly StackRule[] = [
  {
    rule: '§13.7 only its CPU works on a connection',
    file: `${PLACED}/placed-stack.ts`,
    code: '!this.model.isPartitioned || socket.partition.index === cpu,',
    without: 'true,',
    tests: RULES,
    only: 'K13.7 notices',
  },
  {
    rule: '§13.8 a ring message visits CPUs in ascending order',
    file: `${PLACED}/round.ts`,
    code: 'isOwnLast || partition.index > this.lastCpu,',
    without: 'true,',
    tests: RULES,
    only: 'K13.8 a ring message visits',
  },
  {
    rule: '§13.8 replicas are equal when the reply is delivered',
    file: `${PLACED}/rounds.ts`,
    code: 'this.stack.host.partitions.every((partition) => partition.knows(routes)),',
    without: 'true,',
    tests: RULES,
    only: 'K13.8 a ring message was answered',
  },
  {
    rule: '§6.4 of a listener the first CPU learns last',
    file: `${PLACED}/rounds.ts`,
    code: 'message.detail = round.ownLast && stack.host.partitions.length > 1 && stack.model.isPartitioned ? 0 : 1;',
    without: 'message.detail = 1;',
    tests: ROUNDS,
  },
  {
    rule: '§6.7 behind a barrier nobody works',
    file: `${PLACED}/protocol-thread.ts`,
    code: 'while (!gate.isOpen) yield k.block();',
    without: '',
    tests: RULES,
    only: 'behind a barrier',
  },
  {
    rule: '§6.4 a socket that connects moves to its CPU before anything is sent',
    file: `${PLACED}/steps.ts`,
    code: 'if (stack.owners.isMisplaced(partition.index, bill.cpu)) {',
    without: 'if (partition.index < 0) {',
    tests: RULES,
    only: 'a connection that is opened moves',
  },
  {
    rule: '§6.3 a frame that was sorted wrongly is sorted again',
    file: `${PLACED}/steps.ts`,
    code: 'if (stack.owners.isMisplaced(owner, bill.cpu)) {',
    without: 'if (owner < 0) {',
    tests: RULES,
    only: 'a frame on the wrong CPU',
  },
  {
    rule: '§6.3, §13.7 both directions of a flow have the same hash',
    file: 'core/nic/toeplitz.ts',
    code: 'const addresses = addressA ^ addressB;',
    without: 'const addresses = addressA;',
    tests: CLASSIFY,
  },
  {
    rule: '§6.2 a batch has an end',
    file: `${PLACED}/protocol-thread.ts`,
    code: 'if (done >= batch) break;',
    without: '',
    tests: RULES,
    only: 'a batch has an end',
  },
  {
    rule: '§6.5 roll-ups run after the batch',
    file: `${PLACED}/protocol-thread.ts`,
    code: 'if (this.acks.length > 0) yield* this.rollUp(k, runner);',
    without: '',
    tests: RULES,
    only: 'the ACKs of a batch',
  },
  {
    rule: '§6.5 fairsend: after four segments others have their turn',
    file: 'core/tcp/output.ts',
    code: 'if (turnsLeft <= 0) {',
    without: 'if (turnsLeft < -1000) {',
    tests: RULES,
    only: 'after four segments',
  },
  {
    rule: '§6.1 each CPU counts for itself',
    file: `${PLACED}/placed-stack.ts`,
    code: 'bill.write(this.statistics[isPartitioned ? partition.index : 0]!);',
    without: 'bill.write(this.statistics[0]!);',
    tests: RULES,
    only: 'partitions count for themselves',
  },
  {
    rule: '§6.8 what is not MPSAFE takes the big lock',
    file: 'core/stack/models/pmp.ts',
    code: '(isMpsafe(protocol) ? NOTHING : GIANT_ONLY)',
    without: '(isMpsafe(protocol) ? NOTHING : NOTHING)',
    tests: PROTOCOLS,
  },
  {
    rule: '§12 row 43: a protocol’s hash chooses the CPU',
    file: `${PLACED}/owners.ts`,
    code: 'return this.host.protocols[packet.protocol]?.hash(packet, this.classifier) ?? 0;',
    without: 'return this.classifier.hashOfPacket(packet);',
    tests: PROTOCOLS,
  },
  {
    rule: '§9.3 a checksum that no NIC computes is paid for',
    file: `${PLACED}/steps.ts`,
    code: "if (!stack.checksumOffload) bill.work('checksum', packet.payloadBytes * profile.checksumNsPerByte);",
    without: '',
    tests: RULES,
    only: 'checksums that no NIC computes',
  },
  {
    rule: '§9.1 no burst while SACK blocks are to be reported',
    file: 'core/tcp/output.ts',
    code: 'plainBytes < tcb.smss || seqLt(seq, tcb.sndMax) || reports || tcb.probeOut',
    // A segment with blocks is shorter than one without, which is a second guard.
    without: 'seqLt(seq, tcb.sndMax) || (reports && plainBytes < 0) || tcb.probeOut',
    tests: RULES,
    only: 'no burst goes out',
  },
  {
    rule: '§9.1 no burst while urgent data lie ahead',
    file: 'core/tcp/output.ts',
    code: 'if (isUrgentAhead(tcb, seq)) return plainBytes;',
    without: '',
    tests: URGENT,
    only: 'a sender cuts its bursts',
  },
  {
    rule: '§9.1 what is sent again is no burst',
    file: 'core/tcp/output.ts',
    code: 'seqLt(seq, tcb.sndMax) || reports || tcb.probeOut',
    without: 'reports || tcb.probeOut',
    tests: RULES,
    only: 'a burst is of whole segments',
  },
  {
    rule: '§13.11 a burst is within the congestion window',
    file: 'core/tcp/output.ts',
    code: 'Math.min(tcb.congestion.cwnd - sentBytes(tcb, seq, sent), tcb.sndWnd - sent)',
    without: 'tcb.sndWnd - sent',
    tests: RULES,
    only: 'a burst is of whole segments',
  },
  {
    rule: '§9.2 FIN and PSH stand on the last segment only',
    file: 'core/nic/segmenter.ts',
    code: 'if (!isLast) segment.flags &= ~(Flag.fin | Flag.psh);',
    without: '',
    tests: SEGMENTER,
  },
  {
    rule: '§9.2 CWR stands on the first segment only',
    file: 'core/nic/segmenter.ts',
    code: 'if (index > 0) segment.flags &= ~Flag.cwr;',
    without: '',
    tests: SEGMENTER,
  },
  {
    rule: '§9.2 IP ids are counted on',
    file: 'core/nic/segmenter.ts',
    code: "if (ipIds === 'increment') segment.ipId = (burst.ipId + index) & 0xffff;",
    without: '',
    tests: SEGMENTER,
  },
  {
    rule: '§9.2 each segment has its own length',
    file: 'core/nic/segmenter.ts',
    code: 'sealTcp(segment);',
    without: '',
    tests: SEGMENTER,
  },
  {
    rule: '§13.10 a bucket of the SYN cache has a limit',
    file: 'core/tcp/syn-cache/syn-cache.ts',
    code: 'if (bucket.length >= this.options.synCacheBucketLimit) {',
    without: 'if (bucket.length < 0) {',
    tests: SYN_CACHE,
  },
  {
    rule: '§13.10 the SYN cache has a limit',
    file: 'core/tcp/syn-cache/syn-cache.ts',
    code: '} else if (this.count >= this.options.synCacheLimit) {',
    without: '} else if (this.count < 0) {',
    tests: SYN_CACHE,
  },
  {
    rule: '§8 of a full bucket the oldest goes',
    file: 'core/tcp/syn-cache/syn-cache.ts',
    code: 'this.drop(bucket[0]!);',
    without: 'this.drop(bucket.at(-1)!);',
    tests: SYN_CACHE,
  },
  {
    rule: '§8 an ICMP error only marks an entry at first',
    file: 'core/tcp/syn-cache/syn-cache.ts',
    code: 'if (!entry.complained || entry.slot < UNREACHABLE_RETRANSMITS) {',
    without: 'if (entry.slot < UNREACHABLE_RETRANSMITS) {',
    tests: SYN_CACHE,
    only: 'an ICMP error that quotes a SYN/ACK',
  },
  {
    rule: '§8 an ICMP error ends an entry after three retransmissions',
    file: 'core/tcp/syn-cache/syn-cache.ts',
    code: 'if (!entry.complained || entry.slot < UNREACHABLE_RETRANSMITS) {',
    without: 'if (!entry.complained) {',
    tests: SYN_CACHE,
    only: 'an ICMP error that quotes a SYN/ACK',
  },
  {
    rule: '§8 an ICMP error has to quote the SYN/ACK’s number',
    file: 'core/tcp/syn-cache/syn-cache.ts',
    code: "if (error.kind === 'tooBig' || quoted.seq !== entry.iss) return true;",
    without: "if (error.kind === 'tooBig') return true;",
    tests: SYN_CACHE,
    only: 'an ICMP error that quotes a SYN/ACK',
  },
];

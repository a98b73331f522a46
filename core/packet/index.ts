// packet: what travels. The packet record and its pool, addresses, checksums, the wire codec, the log of headers.
// Knows no connection, no link, no clock. Realises product.md §3.4 (captures) and style.md §3.8 rule 3.

export { defaultIpv4, formatIpv4, parseIpv4 } from './addresses';
export type { Decoded } from './codec';
export { decodePacket, encodePacket, payloadByte } from './codec';
export { cutFragments, fragmentDataBytes, makeWhole, mayFragment } from './fragments';
export type { IcmpErrorName } from './icmp';
export { fillIcmpError, icmpErrorName, IcmpErrors, mayComplain } from './icmp';
export type { Fragment, IcmpMessage } from './packet';
export {
  Ecn,
  Flag,
  IPV4_HEADER_BYTES,
  isRetransmission,
  Option,
  optionBytes,
  Packet,
  Protocol,
  SACK_BLOCKS_MAX,
  sealTcp,
  segmentLength,
  SEND_REASON_NAMES,
  SendReason,
  TCP_HEADER_BYTES,
  UDP_HEADER_BYTES,
} from './packet';
export { PACKET_ROW_WIDTH, PacketLog, packetRow } from './packet-log';
export { PacketPool } from './pool';

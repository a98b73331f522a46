// udp: datagrams. Knows no clock, socket or link, like tcp. Realises RFC 768.

export { UDP_PAYLOAD_MAX, UdpEndpoint } from './endpoint';

// The kinds of records in a cause log; here because those who draw them never load the simulator.

/** What a record tells; `subject` and `detail` mean what the comment says. */
export const CauseKind = {
  /** An application wrote. subject: connection, detail: bytes, extra: the slice of a CPU that it happened in. */
  write: 1,
  /** A segment left its connection. subject: connection, detail: low 32 bits of seq, extra: SendReason. */
  send: 2,
  /** A packet was taken by a link. subject: link direction, detail: start of transmission, extra: delivery time. */
  transmit: 3,
  /** A packet was dropped. subject: link direction, that of a network interface, or -1 in a node; detail: DropReason. */
  drop: 4,
  /** A packet reached a socket, or no socket. subject: socket (or -1), detail: low 32 bits of ack, extra: slice. */
  receive: 5,
  /** A TCP timer fired. subject: connection, detail: timer kind, extra: slice. */
  timer: 6,
  /** A scheduled change of the scenario. subject: index of the change. */
  change: 7,

  // Kernels. subject: CPU; threads, ports, tokens and CPUs are numbered over all machines (the run's trace names).
  /** A thread has the CPU, until `end`. detail: thread. */
  run: 8,
  /** An interrupt handler has it, until `end`. detail: 0 for IPIs, 1 for a device or timer. */
  handler: 9,
  /** A thread was put on the run queue. detail: thread. */
  wake: 10,
  /** A message was put on a port. detail: port. */
  messagePut: 11,
  /** A message was replied. detail: port that the reply goes to. */
  messageReplied: 12,
  /** A thread has a message or its reply. detail: thread. parent: the putting or replying. */
  messageTaken: 13,
  /** An IPI message was sent. detail: target CPU. */
  ipi: 14,
  /** Its function is called. parent: the sending. */
  ipiTaken: 15,
  /** A thread waits for a token or lock, until `end`. subject: token or lock, detail: thread. */
  syncWait: 16,
  /** A thread (-1: a CPU) holds a token or lock, until `end`. subject: token or lock, detail: thread. */
  syncHold: 17,
  /** A device wants attention. detail: its interrupt thread. */
  interrupt: 18,
  /** What `subject`, a record, began is over. */
  end: 19,

  /** A network interface moves a frame over the bus. subject: its direction, numbered after those of links, detail: end, extra: bytes. */
  dma: 20,

  /** An ICMP error reached whom it is about. subject: connection (or -1), detail: 256 type + code, extra: MTU that it tells. */
  icmp: 21,

  /** A transaction on a host's I/O bus. subject: the bus, after the interfaces; detail: end, extra: bytes, negative when memory is read. */
  bus: 22,
} as const;
export type CauseKind = (typeof CauseKind)[keyof typeof CauseKind];

/** Why a packet was dropped; the value of `detail` in a drop's record. */
export const DropReason = {
  queue: 0,
  loss: 1,
  down: 2,
  /** No descriptor was free in the receiving ring of a network interface. */
  ring: 3,
  /** No room in a driver's queue for packets that wait for descriptors. */
  sendQueue: 4,
  /** No way to its destination. */
  noRoute: 5,
  /** It had been through too many routers. */
  hops: 6,
  /** It was larger than the next link carries, and not to be cut. */
  tooBig: 7,
} as const;
export type DropReason = (typeof DropReason)[keyof typeof DropReason];

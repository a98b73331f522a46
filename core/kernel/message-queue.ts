// The two queues of a port: messages with priority go before all others, FIFO among themselves (kernel.md §2.1).

import { type Message, MessageFlag } from './message';

interface List {
  head: Message | undefined;
  tail: Message | undefined;
}

export class MessageQueue {
  private readonly urgent: List = { head: undefined, tail: undefined };
  private readonly normal: List = { head: undefined, tail: undefined };
  length = 0;

  push(message: Message): void {
    const list = this.listOf(message);
    message.previous = list.tail;
    message.next = undefined;
    if (list.tail === undefined) list.head = message;
    else list.tail.next = message;
    list.tail = message;
    this.length += 1;
  }

  /** Takes the first message out, or undefined. */
  shift(): Message | undefined {
    const first = this.urgent.head ?? this.normal.head;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes a queued message out, wherever it is. */
  remove(message: Message): void {
    const list = this.listOf(message);
    const { previous, next } = message;
    if (previous === undefined) list.head = next;
    else previous.next = next;
    if (next === undefined) list.tail = previous;
    else next.previous = previous;
    message.previous = undefined;
    message.next = undefined;
    message.flags &= ~MessageFlag.queued;
    this.length -= 1;
  }

  /** All that wait, in the order of taking. */
  *[Symbol.iterator](): Generator<Message> {
    for (const list of [this.urgent, this.normal])
      for (let message = list.head; message !== undefined; message = message.next) yield message;
  }

  private listOf(message: Message): List {
    return message.has(MessageFlag.priority) ? this.urgent : this.normal;
  }
}

// What the Packets panel shows: the filter, the packet that is chosen, which view stands beside the table. Rows themselves are never
// reactive: `version` tells that the list of the present run has changed.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { CauseKind } from '../../core/base';
import { useRuns } from '../run';
import type { PacketTable } from '../records';
import { chosenRecord, onFrame } from '../shared';
import { parseFilter, type ParsedFilter } from './model/filter-parse';
import { Matches, rowTest } from './model/filter-run';
import { namesFrom } from './model/names';

/** Rows that are asked in one frame: a few milliseconds. */
const ROWS_PER_FRAME = 25_000;
/** Least wall time between pictures of a list that grows. */
const PICTURE_MS = 80;

export const VIEWS = [
  { id: 'why', title: 'Why' },
  { id: 'ladder', title: 'Ladder' },
  { id: 'sequence', title: 'Time–sequence' },
] as const;
export type ViewId = (typeof VIEWS)[number]['id'];

export const usePackets = defineStore('packets', () => {
  const runs = useRuns();
  const filterText = ref('');
  const row = ref<number>();
  const view = ref<ViewId>('why');
  const matches = shallowRef<Matches>();
  /** Changes when the list, a fate, or the names of the run have. */
  const version = ref(0);
  let seen = '';
  let seenMs = 0;

  const table = computed((): PacketTable | undefined => runs.feed?.packets);
  /** Names come with the first records. */
  const namesKey = computed(() => {
    void version.value;
    const names = table.value?.log.names;
    return `${runs.feed?.runId ?? ''} ${String(names?.flows.length)} ${String(names?.links.length)}`;
  });
  const names = computed(() => {
    void namesKey.value;
    return table.value === undefined ? { flows: [], nodes: [], links: [] } : namesFrom(table.value.log.names);
  });
  const hasNames = computed(() => names.value.nodes.length > 0);
  const parsed = computed((): ParsedFilter =>
    hasNames.value || filterText.value === ''
      ? parseFilter(filterText.value, names.value)
      : { ok: true, filter: { type: 'all' } },
  );

  // A wrong filter leaves the list of the last right one.
  watch(
    [table, parsed],
    ([held, filter], [before]) => {
      // A new list may be as long as the old one.
      seen = '';
      if (held !== before) row.value = undefined;
      if (held === undefined) matches.value = undefined;
      else if (filter.ok) matches.value = new Matches(held, rowTest(filter.filter, held));
      else if (matches.value?.table !== held) matches.value = new Matches(held, () => true);
    },
    { immediate: true },
  );
  watch(chosenRecord, (record) => {
    const found = record === undefined ? undefined : rowOfRecord(record);
    if (found !== undefined) row.value = found;
  });

  /** The packet that a record is about; of a burst the first frame. */
  function rowOfRecord(record: number): number | undefined {
    const held = table.value;
    const own = held?.rowOf(record);
    if (held === undefined || own !== undefined) return own;
    if (held.log.kinds[record - 1] !== CauseKind.send) return undefined;
    for (const { id } of held.log.effects(record, 100)) {
      const frame = held.rowOf(id);
      if (frame !== undefined) return frame;
    }
    return undefined;
  }

  /** Follows the run; called every frame while a panel shows packets. */
  function follow(): void {
    const list = matches.value;
    const held = table.value;
    if (list === undefined || held === undefined) return;
    list.update(held.takeTouched(), ROWS_PER_FRAME);
    const now = performance.now();
    const key = `${String(list.version)} ${String(held.version)} ${String(held.log.names.nodes.length)}`;
    if (key === seen || (now - seenMs < PICTURE_MS && runs.isActive)) return;
    seen = key;
    seenMs = now;
    version.value += 1;
  }

  /** Chooses a packet here and in the timeline. */
  function choose(chosen: number): void {
    const held = table.value;
    if (held === undefined) return;
    row.value = chosen;
    const way = held.records(chosen);
    chosenRecord.value = way.find((id) => held.log.kinds[id - 1] === CauseKind.transmit) ?? held.madeBy(chosen);
  }

  /** Chooses the next packet of the list that fits, from the chosen one on. */
  function step(by: number): void {
    const list = matches.value;
    if (list === undefined || list.length === 0) return;
    const place = row.value === undefined ? -1 : list.placeOf(row.value);
    const to = Math.min(list.length - 1, Math.max(0, place + by));
    choose(list.rows[to]!);
  }

  return { filterText, parsed, names, table, matches, version, row, view, choose, step, follow, rowOfRecord };
});

/** Lets the store follow the run until the returned function is called. */
export function followPackets(): () => void {
  const packets = usePackets();
  return onFrame(packets.follow);
}

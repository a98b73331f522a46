// packets: what travelled in the present run, as a filtered table, a ladder, a time-sequence graph, and the story of each packet.
// Realises the Packets row of workbench.md; docs/packets.md has the filter language.

export { default as PacketsPanel } from './PacketsPanel.vue';
export { usePackets } from './packets.store';

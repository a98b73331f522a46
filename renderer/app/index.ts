// app: the shell. Panels and where they stand, commands, menus, shortcuts, start page, recovery. The only room that
// knows all panels. Realises the first paragraph of workbench.md.

export { default as App } from './App.vue';

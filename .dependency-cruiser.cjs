// Which room may import which: the table of the architecture. Other rooms are seen through their index.ts only.
// `base` is free to all rooms of core.

const rooms = {
  base: [],
  engine: [],
  packet: [],
  machine: [],
  kernel: ['engine', 'machine'],
  net: ['engine', 'packet'],
  tcp: ['packet'],
  udp: ['packet'],
  nic: ['engine', 'machine', 'packet', 'net'],
  stack: ['engine', 'machine', 'kernel', 'packet', 'net', 'nic', 'tcp', 'udp'],
  measure: [],
  scenario: ['machine'],
  traffic: ['engine', 'measure', 'stack', 'tcp'],
  world: ['engine', 'packet', 'net', 'nic', 'tcp', 'stack', 'measure', 'scenario', 'traffic', 'machine', 'kernel'],
  packetdrill: ['engine', 'packet', 'tcp', 'stack', 'scenario'],
  capture: ['packet', 'scenario'],
  experiment: ['measure', 'scenario'],
  export: ['packet', 'capture', 'measure', 'scenario', 'experiment'],
  course: ['measure', 'scenario', 'export'],
  classroom: ['course', 'measure', 'scenario', 'export', 'world', 'store'],
  print: ['export', 'course'],
  store: ['measure', 'scenario', 'experiment', 'export'],
  labs: [
    'engine',
    'machine',
    'kernel',
    'packet',
    'nic',
    'stack',
    'measure',
    'scenario',
    'world',
    'experiment',
    'export',
  ],
  cli: [
    'labs',
    'course',
    'classroom',
    'engine',
    'machine',
    'kernel',
    'packet',
    'measure',
    'scenario',
    'world',
    'capture',
    'experiment',
    'export',
    'print',
    'store',
    'packetdrill',
  ],
};

/** Rooms outside core, what of core they may see, and what of their own side. */
const sides = {
  'electron/ipc': { core: ['base', 'measure', 'scenario', 'experiment', 'export'], own: [] },
  'electron/preload': { core: [], own: ['electron/ipc'] },
  'electron/main': {
    core: ['base', 'scenario', 'experiment', 'export', 'print', 'store', 'measure'],
    own: ['electron/ipc'],
  },
  'electron/runner': {
    core: [
      'base',
      'scenario',
      'experiment',
      'world',
      'measure',
      'export',
      'store',
      'capture',
      'packet',
      'packetdrill',
      'labs',
      'course',
      'classroom',
      'print',
    ],
    own: ['electron/ipc'],
  },
  'renderer/shared': { core: ['base', 'measure', 'scenario', 'export'], own: ['electron/ipc'] },
  'renderer/records': { core: ['base', 'packet'], own: ['electron/ipc'] },
  'renderer/topology': { core: ['base', 'scenario'], own: ['renderer/shared'] },
  'renderer/run': {
    core: ['base', 'measure', 'scenario', 'export'],
    own: ['renderer/shared', 'renderer/records', 'electron/ipc'],
  },
  'renderer/runs': { core: ['base'], own: ['renderer/shared', 'renderer/run', 'electron/ipc'] },
  'renderer/experiments': {
    core: ['base', 'measure', 'scenario', 'experiment', 'export'],
    own: ['renderer/shared', 'renderer/run', 'electron/ipc'],
  },
  'renderer/compare': {
    core: ['base', 'measure', 'scenario', 'experiment', 'export'],
    own: ['renderer/shared', 'renderer/run', 'electron/ipc'],
  },
  'renderer/figures': { core: ['base', 'measure', 'scenario', 'export'], own: ['renderer/shared', 'electron/ipc'] },
  'renderer/timeline': {
    core: ['base', 'measure', 'scenario', 'export'],
    own: ['renderer/shared', 'renderer/records', 'renderer/run'],
  },
  'renderer/packets': {
    core: ['base', 'packet', 'scenario', 'export'],
    own: ['renderer/shared', 'renderer/records', 'renderer/run'],
  },
  'renderer/labs': {
    core: ['base', 'measure', 'scenario', 'export'],
    own: ['renderer/shared', 'renderer/records', 'renderer/run', 'electron/ipc'],
  },
  'renderer/scripts': { core: ['base'], own: ['renderer/shared', 'electron/ipc'] },
  'renderer/app': {
    core: ['base', 'measure', 'scenario', 'export'],
    own: [
      'renderer/shared',
      'renderer/topology',
      'renderer/run',
      'renderer/runs',
      'renderer/experiments',
      'renderer/compare',
      'renderer/figures',
      'renderer/scripts',
      'renderer/timeline',
      'renderer/packets',
      'renderer/labs',
      'electron/ipc',
    ],
  },
};

const face = (folder) => `^${folder}/index\\.ts$`;
const builtin = { dependencyTypes: ['core'] };
const npm = { dependencyTypes: ['npm', 'npm-dev'] };

const roomRules = Object.entries(rooms).flatMap(([room, may]) => [
  {
    from: { path: `^core/${room}/` },
    to: { path: [`^core/${room}/`, ...['base', ...may].map((other) => face(`core/${other}`))] },
  },
]);
const sideRules = Object.entries(sides).map(([side, { core, own }]) => ({
  from: { path: `^${side}/` },
  to: { path: [`^${side}/`, ...core.map((room) => face(`core/${room}`)), ...own.map((other) => face(other))] },
}));

module.exports = {
  allowed: [
    ...roomRules,
    ...sideRules,
    { from: { path: '^core/scenario/gallery' }, to: { path: '^scenarios/' } },
    { from: { path: '^core/experiment/ready-plans' }, to: { path: '^plans/' } },
    { from: { path: '^core/cli/version' }, to: { path: '^package\\.json$' } },
    { from: { path: '^electron/main/' }, to: { path: '^package\\.json$' } },
    { from: { path: '^electron/runner/' }, to: { path: '^package\\.json$' } },
    { from: { path: '^core/(cli|store|print|classroom)/' }, to: builtin },
    { from: { path: '^electron/(main|runner)/' }, to: builtin },
    { from: { path: '^(core|electron|renderer)/' }, to: npm },
    { from: { path: '^(core|electron|renderer)/' }, to: { path: '^(node_modules/|pinia$)' } },
    { from: { path: '^renderer/app/main' }, to: { path: '^renderer/shared/.*\\.css$' } },
  ],
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'window-and-main-never-load-the-simulator',
      severity: 'error',
      from: { path: '^(renderer|electron/main|electron/preload)/' },
      to: { path: '^core/(engine|net|tcp|udp|stack|traffic|world)/', reachable: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.node.json' },
    tsPreCompilationDeps: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$' },
    extraExtensionsToScan: ['.vue'],
  },
};

// main: windows, menus, files, the library of runs, life and death. Computes nothing and never loads the simulator.
// Realises architecture.md §3 (a person presses Run) and style.md §3.10.

import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, BrowserWindow, type WebContents } from 'electron';
import { version } from '../../package.json';
import { RunLibrary } from '../../core/store';
import { Arrivals, fileAmong } from './arrivals';
import { Bundles } from './bundles';
import { Compare } from './compare';
import { Course } from './course';
import { announce, serve } from './door';
import { Experiments } from './experiments';
import { Files } from './files';
import { importCapture } from './import-capture';
import { KeptCatalogue } from './kept-catalogue';
import { labHandlers } from './lab-handlers';
import { Labs } from './labs';
import { lockDown } from './lockdown';
import { setMenu } from './menu';
import { PlanFiles } from './plan-files';
import { registerScheme, serveBundle } from './protocol';
import { Repeats } from './repeats';
import { dataFolder, Runs } from './runs';
import { saveFigure } from './save-figure';
import { openScript, runScript } from './scripts';
import { openWindow } from './window';

const DRAFT = 'draft';
const PLAN_DRAFT = 'plan-draft';
const WORKSPACE = 'workspace';

// As the superuser Chromium runs without its sandbox only, and enabling it here would end every child at once.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerScheme();

process.on('uncaughtException', (error) => {
  process.stderr.write(`odonata: ${error.stack ?? error.message}\n`);
  app.exit(1);
});

/** A system may give files before the program is ready. */
const givenEarly: string[] = [];
let openGiven = (path: string): void => {
  givenEarly.push(path);
};
app.on('open-file', (event, path) => {
  event.preventDefault();
  openGiven(path);
});

if (!app.requestSingleInstanceLock()) app.quit();
else void app.whenReady().then(start);

function start(): void {
  const library = new RunLibrary(dataFolder());
  const { database } = library;
  const runs = new Runs(library);
  const repeats = new Repeats(library, runs);
  const bundles = new Bundles(library);
  const compare = new Compare(library, runs);
  const files = new Files(database);
  const arrivals = new Arrivals({ scenario: (path) => files.read(path), bundle: (path) => bundles.take(path) }, () => {
    announce('arrivals.changed', undefined);
  });
  const labs = new Labs(library.labs, new KeptCatalogue(database, programStamp()));
  const course = new Course(join(dataFolder(), 'course'));
  const experiments = new Experiments(library, runs, shownWindow);
  const plans = new PlanFiles();
  const draftAtStart = database.setting(DRAFT);
  const planAtStart = database.setting(PLAN_DRAFT);
  lockDown();
  serveBundle(resolve(__dirname, '../renderer'));
  setMenu();

  serve({
    'app.info': () => ({
      version,
      electron: process.versions.electron ?? '',
      platform: process.platform,
      recovered: draftAtStart !== undefined,
    }),
    'files.open': () => files.open(),
    'files.openRecent': ({ path }) => files.openRecent(path),
    'files.recent': () => database.recent(),
    'arrivals.list': () => arrivals.list(),
    'arrivals.seen': ({ id }) => {
      arrivals.seen(id);
    },
    'files.save': ({ path, suggestedName, text }) => files.save(path, suggestedName, text),
    'files.importCapture': () => importCapture(),
    'scripts.open': () => openScript(),
    'scripts.run': (request) => runScript(request),
    'drafts.keep': ({ text }) => {
      database.setSetting(DRAFT, text);
    },
    'drafts.recover': () => (draftAtStart === undefined ? undefined : { text: draftAtStart }),
    'workspace.load': () => database.setting(WORKSPACE),
    'workspace.save': ({ state }) => {
      database.setSetting(WORKSPACE, state);
    },
    'runs.start': (request) => runs.start(request, shownWindow()),
    'runs.list': () => runs.list(),
    'runs.find': (query) => runs.find(query),
    'runs.tags': () => database.tags(),
    'runs.disk': () => runs.disk(),
    'runs.limitDisk': ({ bytes }) => {
      library.diskLimitBytes = bytes;
    },
    'runs.tag': (request) => {
      runs.tag(request);
    },
    'runs.remove': (request) => runs.remove(request),
    'runs.restore': (request) => runs.restore(request),
    'runs.export': (request) => bundles.export(request),
    'runs.import': ({ path }) => bundles.import(path),
    'runs.summary': ({ runId }) => runs.summary(runId),
    'runs.series': (request) => runs.series(request),
    'runs.scenario': ({ runId }) => runs.scenario(runId),
    'runs.repeatable': ({ runId }) => repeats.repeatable(runId),
    'runs.repeat': ({ runId }) => repeats.start(runId, shownWindow()),
    'runs.annotate': (request) => {
      runs.annotate(request);
    },
    'runs.reveal': ({ runId }) => {
      runs.reveal(runId);
    },
    ...compare.handlers,
    'figures.save': (figure) => saveFigure(figure),
    ...labHandlers(labs, course),
    'experiments.judge': (request) => experiments.judged(request),
    'experiments.start': (request) => experiments.start(request),
    'experiments.open': (request) => {
      experiments.open(request);
    },
    'experiments.close': (request) => {
      experiments.close(request);
    },
    'experiments.repeat': ({ scenario }) => ({ repeatId: repeats.startScenario(scenario, shownWindow()) }),
    'experiments.openPlan': () => plans.open(),
    'experiments.savePlan': (request) => plans.save(request),
    'experiments.keepDraft': ({ text }) => {
      database.setSetting(PLAN_DRAFT, text);
    },
    'experiments.recoverDraft': () => (planAtStart === undefined ? undefined : { text: planAtStart }),
    'experiments.saveTable': (request) => experiments.saveTable(request),
  });

  // What the start page needs first is read while the window opens.
  labs.catalogue().catch(() => undefined);
  const window = openWindow();
  const openFrom = (words: readonly string[]): void => {
    const path = fileAmong(words);
    if (path !== undefined) void arrivals.open(resolve(path));
  };
  openFrom(process.argv.slice(1));
  window.webContents.on('did-finish-load', () => {
    for (const text of library.notices) announce('app.told', { kind: 'info', text });
  });
  for (const path of givenEarly.splice(0)) void arrivals.open(path);
  openGiven = (path) => void arrivals.open(path);
  app.on('second-instance', (_event, words) => {
    window.focus();
    openFrom(words.slice(1));
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', () => {
    compare.stop();
    runs.stopAll();
    repeats.stopAll();
    labs.stopAll();
    course.stop();
    experiments.stopAll();
    library.close();
  });
}

/** Differs between versions, and between builds of one version. */
function programStamp(): string {
  const { size, mtimeMs } = statSync(join(__dirname, 'runner.cjs'));
  return `${version} ${String(size)} ${String(mtimeMs)}`;
}

function shownWindow(): WebContents {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) throw new Error('there is no window to show this');
  return window.webContents;
}

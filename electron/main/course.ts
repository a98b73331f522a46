// A class's process, started when first needed and again if it died: what students did is on disk, so nothing is lost. Main shows the
// dialogs; the process reads, writes and judges.

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dialog, utilityProcess, type UtilityProcess } from 'electron';
import { writeWhole } from '../../core/store';
import type { CallName, Reply, Request } from '../ipc';
import { askRunner } from './ask-runner';
import { Advised } from './door';

const HAND_IN = 'odonata-handin';
/** Number of the message with which the process says that it hears. */
const HEARS = 0;

interface Answered {
  readonly number: number;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly message?: string;
  readonly advice?: string;
}

/** What marking a folder answers; the shapes of electron/runner/mark-class.ts. */
type MarkReport =
  | {
      readonly type: 'marked';
      readonly view: NonNullable<Reply<'class.mark'>>;
      readonly files: readonly { readonly name: string; readonly text: string }[];
    }
  | { readonly type: 'refused'; readonly reason: string; readonly advice: string };

export class Course {
  private host: UtilityProcess | undefined;
  /** Asked before the process hears; undefined once it does. */
  private early: object[] | undefined;
  private next = 1;
  private readonly waiting = new Map<number, { done: (value: never) => void; failed: (error: Error) => void }>();
  private labFolder: string | undefined;
  private marks: (MarkReport & { readonly type: 'marked' }) | undefined;

  /** @param folder where attempts are kept */
  constructor(private readonly folder: string) {}

  /** Asks what the process answers alone. */
  ask<Name extends CallName>(name: Name, asked: unknown): Promise<Reply<Name>> {
    const number = this.next;
    this.next += 1;
    const answer = new Promise<Reply<Name>>((done, failed) => {
      this.waiting.set(number, { done, failed });
    });
    const host = this.process();
    if (this.early === undefined) host.postMessage({ number, name, asked });
    else this.early.push({ number, name, asked });
    return answer;
  }

  async handIn(request: Request<'course.handIn'>): Promise<Reply<'course.handIn'>> {
    const { student, lab } = await this.ask('course.continue', { attempt: request.attempt });
    const plain = `${student.id} ${student.name} ${lab}`.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '');
    const filters = [{ name: 'Hand-ins', extensions: [HAND_IN] }];
    const { filePath } = await dialog.showSaveDialog({ defaultPath: `${plain}.${HAND_IN}`, filters });
    if (filePath === undefined || filePath === '') return undefined;
    const path = filePath.endsWith(`.${HAND_IN}`) ? filePath : `${filePath}.${HAND_IN}`;
    return this.ask('course.handIn', { ...request, path });
  }

  async print(request: Request<'course.print'>): Promise<Reply<'course.print'>> {
    const { format, lab, answers } = request;
    const filters = [{ name: format.toUpperCase(), extensions: [format] }];
    const defaultPath = `${lab}${answers ? '-answers' : ''}.${format}`;
    const { filePath } = await dialog.showSaveDialog({ defaultPath, filters });
    if (filePath === undefined || filePath === '') return undefined;
    return this.ask('course.print', { ...request, path: filePath });
  }

  async openLab({ again }: Request<'class.openLab'>): Promise<Reply<'class.openLab'>> {
    const folder =
      again && this.labFolder !== undefined ? this.labFolder : await chooseFolder('Folder of a guided lab');
    if (folder === undefined) return undefined;
    this.labFolder = folder;
    return this.ask('class.openLab', { folder });
  }

  async mark({ key }: Request<'class.mark'>): Promise<Reply<'class.mark'>> {
    const folder = await chooseFolder('Folder of hand-ins');
    if (folder === undefined) return undefined;
    const labFolders = this.labFolder === undefined ? [] : [this.labFolder];
    const job = { type: 'mark', folder, labFolders, ...(key === undefined ? {} : { key }) };
    const report = await askRunner<MarkReport>('marks', job);
    if (report === undefined) throw new Advised('marking ended unexpectedly', 'mark it with: odonata grade');
    if (report.type === 'refused') throw new Advised(report.reason, report.advice);
    this.marks = report;
    return report.view;
  }

  async save(): Promise<Reply<'class.save'>> {
    if (this.marks === undefined) throw new Advised('nothing has been marked yet', 'choose a folder of hand-ins first');
    const folder = await chooseFolder('Folder for marks and reports');
    if (folder === undefined) return undefined;
    for (const { name, text } of this.marks.files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeWhole(join(folder, name), text);
    }
    return { path: join(folder, 'marks.csv') };
  }

  stop(): void {
    this.host?.kill();
  }

  private process(): UtilityProcess {
    if (this.host !== undefined) return this.host;
    const host = utilityProcess.fork(join(__dirname, 'runner.cjs'), [], { serviceName: 'odonata course' });
    this.early = [];
    host.on('message', ({ number, ok, value, message, advice }: Answered) => {
      if (number === HEARS) {
        for (const question of this.early ?? []) host.postMessage(question);
        this.early = undefined;
        return;
      }
      const asker = this.waiting.get(number);
      this.waiting.delete(number);
      if (ok) asker?.done(value as never);
      else asker?.failed(new Advised(message ?? '', advice ?? ''));
    });
    host.on('exit', () => {
      this.host = undefined;
      for (const { failed } of this.waiting.values())
        failed(new Advised('the process of the class ended unexpectedly', 'try again; what was answered is kept'));
      this.waiting.clear();
    });
    host.postMessage({ type: 'course', folder: this.folder });
    this.host = host;
    return host;
  }
}

async function chooseFolder(title: string): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog({ title, properties: ['openDirectory', 'createDirectory'] });
  return filePaths[0];
}

// Packing and unpacking of bundles, in a process of its own: hundreds of megabytes may have to be read and compressed.

import { statSync } from 'node:fs';
import { formatProblem } from '../../core/base';
import { BundleError, type BundleEntry, type BundleSource, OpenBundle, writeBundle } from '../../core/store';
import { version } from '../../package.json';

export type BundleJob =
  | { readonly type: 'pack'; readonly path: string; readonly sources: readonly BundleSource[] }
  /** Unpacks into `folder`, after every checksum was found right. */
  | { readonly type: 'unpack'; readonly path: string; readonly folder: string };

export type BundleReport =
  | { readonly type: 'packed'; readonly bytes: number }
  | { readonly type: 'unpacked'; readonly entries: readonly BundleEntry[] }
  | { readonly type: 'refused'; readonly reason: string; readonly advice: string };

export async function carryOut(job: BundleJob): Promise<BundleReport> {
  try {
    if (job.type === 'pack') {
      writeBundle(job.path, job.sources, version);
      return { type: 'packed', bytes: statSync(job.path).size };
    }
    const bundle = await OpenBundle.open(job.path);
    try {
      await bundle.unpack(job.folder);
      return { type: 'unpacked', entries: bundle.manifest.entries };
    } finally {
      bundle.close();
    }
  } catch (error) {
    if (!(error instanceof BundleError)) return { type: 'refused', reason: String(error), advice: '' };
    const [first] = error.problems;
    return {
      type: 'refused',
      reason: error.problems.map((problem) => formatProblem({ ...problem, suggestion: undefined })).join('\n'),
      advice: first?.suggestion ?? '',
    };
  }
}

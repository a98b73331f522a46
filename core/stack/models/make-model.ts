// The concurrency model that a host's options name.

import type { Kernel } from '../../kernel';
import type { StackOptions } from '../placed/options';
import { giantModel } from './giant';
import { groupLockModel } from './grouplock';
import type { Model } from './model';
import { mutexModel } from './mutex';
import { pmpModel } from './pmp';

/**
 * @param cpus that protocols run on
 * @param isMpsafe whether a protocol does without the big lock
 */
export function makeModel(
  kernel: Kernel,
  options: StackOptions,
  cpus: number,
  isMpsafe: (protocol: number) => boolean,
): Model {
  switch (options.model) {
    case 'giant':
      return giantModel();
    case 'mutex':
      return mutexModel(kernel, options.tableLock);
    case 'grouplock':
      return groupLockModel(kernel, options.groups);
    case 'pmp':
      return pmpModel(kernel, cpus, isMpsafe);
  }
}

// A kernel program did what no kernel thread may do. The message says which thread, what it tried, and what is right.

export class KernelProgramError extends Error {
  override readonly name = 'KernelProgramError';

  /** @param advice what would be right, as one sentence */
  constructor(thread: string, problem: string, advice: string) {
    super(`thread "${thread}": ${problem}. ${advice}`);
  }
}

// A kernel program did what no kernel thread may do. The message says which thread, what it tried, and what is right.

export class KernelProgramError extends Error {
  override readonly name = 'KernelProgramError';

  /**
   * @param advice what would be right, as one sentence
   * @param rule of kernel.md that it broke, e.g. `K13.2`; undefined for what is no invariant
   */
  constructor(
    thread: string,
    problem: string,
    advice: string,
    readonly rule: string | undefined = undefined,
  ) {
    super(`thread "${thread}": ${problem}. ${advice}`);
  }
}

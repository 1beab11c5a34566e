import { type Problem, type ProblemCode, problem } from '@yike/contracts/problem';

/** A request that is refused for a reason the caller can understand; carries the problem that he is told. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, detail?: string, more: Partial<Problem> = {}) {
    super(detail ?? code);
    this.name = 'Refusal';
    this.problem = problem(code, detail, more);
  }
}

/** What we read of vitest's JSON report. */
export interface Report {
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

export interface Tally {
  passed: number;
  failed: number;
}

/**
 * Counts a project's cases by their outcome. Whatever did not pass has failed: a case that was skipped or is still to be
 * written, a file that could not be loaded, a project without a single case, and a run that ended badly in any other way.
 * @param report `undefined` where vitest left none
 * @param exitCode of vitest
 */
export function tally(report: Report | undefined, exitCode: number | null): Tally {
  const files = report?.testResults ?? [];
  const cases = files.flatMap(({ assertionResults }) => assertionResults);
  const passed = cases.filter(({ status }) => status === 'passed').length;
  const broken = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = cases.length - passed + broken.length;
  const isUnexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: failed + (isUnexplained ? 1 : 0) };
}

export function sum(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.reduce((total, { failed }) => total + failed, 0),
  };
}

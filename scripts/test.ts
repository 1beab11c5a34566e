// `npm test [-- unit integration journeys]`: sets up as `npm start` does, then runs the tests.
// The last line is `N passed, N failed`.
import { runMain, SetupFailure } from './host/failure.ts';
import { provideParts } from './setup/parts.ts';
import { Steps } from './setup/steps.ts';
import { PROJECTS, type Project, runProject } from './testing/projects.ts';
import { sum, type Tally } from './testing/tally.ts';

await runMain(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !PROJECTS.includes(name as Project));
  if (unknown.length > 0)
    throw new SetupFailure(`There is no test project "${unknown.join('", "')}": ${PROJECTS.join(', ')}.`);

  const parts = await provideParts(new Steps((line) => console.log(line)));
  const tallies: Tally[] = [];
  for (const project of PROJECTS.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    tallies.push(await runProject(project, parts));
  }
  const { passed, failed } = sum(tallies);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

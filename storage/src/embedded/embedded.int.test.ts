import { storageContract } from '../testing/contract.ts';
import { embeddedTarget, givenTarget } from '../testing/target.ts';

storageContract('the embedded server', embeddedTarget);

const given = givenTarget(process.env);
if (given) storageContract(given.endpoint, () => Promise.resolve(given));

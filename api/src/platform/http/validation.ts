import { StandardSchemaValidationPipe } from '@nestjs/common';
import { InvalidRequest } from '../problems/problems.ts';

const MAX_ISSUES = 20;

/** Checks bodies, queries and parameters by the schema that stands at the parameter; unknown fields are refused by the schemas. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new InvalidRequest(
        'the request does not have the shape of the contract',
        issues.slice(0, MAX_ISSUES).map(({ path = [], message }) => ({
          path: path.map((key) => String(typeof key === 'object' ? key.key : key)).join('.'),
          message,
        })),
      ),
  });

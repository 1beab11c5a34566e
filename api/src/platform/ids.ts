import { Injectable } from '@nestjs/common';
import { newId } from '@yike/contracts/ids';
import type { z } from 'zod';

/** Makes ids, to be replaced in tests: `ids.next(LectureId)`. */
@Injectable()
export class Ids {
  next<S extends z.ZodType<string>>(schema: S): z.infer<S> {
    return newId(schema);
  }
}

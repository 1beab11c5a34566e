import { SetMetadata } from '@nestjs/common';
import type { Action } from '../../domain/policy/actions.ts';

const ACTION = 'yike:action';

/**
 * Names what a route or a socket event does. The policy says who may; what belongs to somebody, or to an organisation, its service decides
 * by {@link Acts}. What names no action is refused to all, and a test finds it.
 */
export const Does = (action: Action) => SetMetadata(ACTION, action);

/** The action that a handler names, or the class that it stands in. */
export function actionOf(handler: object, of: object): Action | undefined {
  const named: unknown = Reflect.getMetadata(ACTION, handler) ?? Reflect.getMetadata(ACTION, of);
  return named as Action | undefined; // Does is all that sets it.
}

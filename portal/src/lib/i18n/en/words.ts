import { frame } from './frame.ts';
import { live } from './live.ts';
import { player } from './player.ts';
import { problems } from './problems.ts';
import { studio } from './studio.ts';

import type { Dictionary } from '../words.ts';

export const words: Dictionary = { ...frame, ...live, ...player, ...problems, ...studio };

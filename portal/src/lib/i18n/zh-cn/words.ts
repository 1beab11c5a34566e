import { frame } from './frame.ts';
import { live } from './live.ts';
import { player } from './player.ts';
import { problems } from './problems.ts';
import { studio } from './studio.ts';

export const words = { ...frame, ...live, ...player, ...problems, ...studio } as const;

import type { PlayerCommand } from './keys.ts';
import type { MediaState } from './media-state.svelte.ts';

/** What a player does for the keys; `seek` is missing where there is only now. */
export interface Commanded {
  readonly media: MediaState;
  toggle(): Promise<void>;
  seek?(seconds: number): void;
}

export function obeyCommand(player: Commanded, command: PlayerCommand): void {
  const { media } = player;
  switch (command.does) {
    case 'fullscreen': // The stage's own.
    case 'captions': // The page's own, where there are some.
      return;
    case 'toggle':
      void player.toggle();
      return;
    case 'mute':
      media.toggleMuted();
      return;
    case 'volume':
      media.setVolume(media.volume + command.by);
      return;
    case 'seek':
      player.seek?.(media.position + command.bySeconds);
  }
}

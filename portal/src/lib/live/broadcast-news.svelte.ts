import type { Lecture } from '@yike/contracts/http/lectures';
import type { BroadcastId } from '@yike/contracts/ids';
import type { BroadcastNews } from '@yike/contracts/realtime/viewing';
import type { ViewingLink } from '#lib/viewing/viewing-link.ts';

/** Follows a broadcast from moment to moment: its state, its viewers, its replay. Asks again after each reconnect. */
export class BroadcastFollower {
  #news = $state.raw<BroadcastNews>();
  readonly #stops: (() => void)[] = [];
  #isClosed = false;

  constructor(broadcastId: BroadcastId, link: () => Promise<ViewingLink>) {
    void link().then((opened) => {
      if (this.#isClosed) return;
      this.#stops.push(
        opened.on('broadcast:news', (news) => {
          if (news.broadcastId === broadcastId) this.#news = news;
        }),
        opened.onPresence((isConnected) => {
          if (isConnected) void this.#ask(opened, broadcastId);
        }),
      );
    });
  }

  /** The newest word; undefined before the first. */
  get news(): BroadcastNews | undefined {
    return this.#news;
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
  }

  async #ask(link: ViewingLink, broadcastId: BroadcastId): Promise<void> {
    try {
      this.#news = await link.follow(broadcastId);
    } catch (cause) {
      console.warn('the broadcast is followed by the page’s own refresh', cause);
    }
  }
}

/** What a page shows of a lecture's broadcast: the news where there is some, else what the page was loaded with. */
export function currentBroadcast(lecture: Lecture, news: BroadcastNews | undefined) {
  return {
    state: news?.state ?? lecture.state,
    viewers: news?.viewers ?? lecture.viewers,
    replayCourseId: news?.replayCourseId ?? lecture.replayCourseId,
  };
}

import {
  Controller,
  Get,
  Header,
  type HttpRedirectResponse,
  HttpStatus,
  Param,
  Redirect,
} from '@nestjs/common';
import { TrackKind } from '@yike/contracts/control/manifest';
import { Locale } from '@yike/contracts/http/accounts';
import type { FastifyRequest } from 'fastify';
import { NotFound } from '../../domain/domain-error.ts';
import { PublicOrigin, Req } from '../../platform/http/public-origin.ts';
import { MaybeUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { readSessionCookie } from '../../platform/security/session-cookie.ts';
import { type MediaCaller, PlaybackMediaService } from './playback-media.service.ts';

const PLAYLIST = 'application/vnd.apple.mpegurl';
const NUMBER = /^(?:0|[1-9]\d{0,6})$/;

/**
 * What players load. The session is looked at by the service: whatever is odd about a request is the same 404, since a player
 * knows nothing of problems and a stranger should learn nothing.
 */
@Controller('/playback/:token')
@Does('playback.load')
export class PlaybackMediaController {
  constructor(
    private readonly media: PlaybackMediaService,
    private readonly origin: PublicOrigin,
  ) {}

  @Get('/index.m3u8')
  @Header('content-type', PLAYLIST)
  @Header('cache-control', 'no-store')
  master(@Param('token') token: string, @MaybeUser() user: SignedInUser | null): Promise<string> {
    return this.media.master(callerOf(token, user));
  }

  @Get('/video.m3u8')
  @Header('content-type', PLAYLIST)
  @Header('cache-control', 'no-store')
  video(@Param('token') token: string, @MaybeUser() user: SignedInUser | null): Promise<string> {
    return this.media.track(callerOf(token, user), 'video');
  }

  @Get('/audio.m3u8')
  @Header('content-type', PLAYLIST)
  @Header('cache-control', 'no-store')
  audio(@Param('token') token: string, @MaybeUser() user: SignedInUser | null): Promise<string> {
    return this.media.track(callerOf(token, user), 'audio');
  }

  @Get('/c/:file')
  @Header('content-type', 'text/vtt; charset=utf-8')
  @Header('cache-control', 'no-store')
  captions(
    @Param() { token, file }: Record<'token' | 'file', string>,
    @MaybeUser() user: SignedInUser | null,
  ): Promise<string> {
    return this.media.captions(callerOf(token, user), languageOf(withoutEnding(file, '.vtt')));
  }

  /** Kept by nobody: the address is signed, and every request is to be seen here. */
  @Get('/s/:epoch/:track/:file')
  @Redirect()
  @Header('cache-control', 'no-store')
  async segment(
    @Param() { token, epoch, track, file }: Record<'token' | 'epoch' | 'track' | 'file', string>,
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
  ): Promise<HttpRedirectResponse> {
    const seq = numberOf(withoutEnding(file, '.m4s'));
    const place = { epoch: numberOf(epoch), track: trackOf(track), seq };
    return found(
      await this.media.segmentUrl(callerOf(token, user, request), place, this.origin.ofStorage(request)),
    );
  }

  @Get('/i/:epoch/:file')
  @Redirect()
  @Header('cache-control', 'no-store')
  async init(
    @Param() { token, epoch, file }: Record<'token' | 'epoch' | 'file', string>,
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
  ): Promise<HttpRedirectResponse> {
    const place = { epoch: numberOf(epoch), track: trackOf(withoutEnding(file, '.mp4')) };
    return found(await this.media.initUrl(callerOf(token, user), place, this.origin.ofStorage(request)));
  }
}

function callerOf(token: string, user: SignedInUser | null, request?: FastifyRequest): MediaCaller {
  const cookie = request && readSessionCookie(request);
  const session = user === null || cookie === undefined ? null : { token: cookie, id: user.sessionId };
  return { token, userId: user?.id ?? null, session };
}

const found = (url: string): HttpRedirectResponse => ({ url, statusCode: HttpStatus.FOUND });

function numberOf(text: string): number {
  if (!NUMBER.test(text)) throw new NotFound('there is no such segment');
  return Number(text);
}

function trackOf(text: string): TrackKind {
  const track = TrackKind.safeParse(text);
  if (!track.success) throw new NotFound('there is no such track');
  return track.data;
}

function languageOf(text: string): Locale {
  const language = Locale.safeParse(text);
  if (!language.success) throw new NotFound('there is no such language');
  return language.data;
}

function withoutEnding(file: string, ending: string): string {
  if (!file.endsWith(ending)) throw new NotFound('there is no such file');
  return file.slice(0, -ending.length);
}

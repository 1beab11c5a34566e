import { Controller } from '@nestjs/common';
import { type Course, getCourse, listContinueWatching, listCourses } from '@yike/contracts/http/library';
import { CourseId } from '@yike/contracts/ids';
import type { FastifyRequest } from 'fastify';
import {
  IdParam,
  type QueryIn,
  QueryOf,
  type ReplyOf,
  Serves,
} from '../../platform/http/endpoint.decorators.ts';
import { PublicOrigin, Req } from '../../platform/http/public-origin.ts';
import { CurrentUser, MaybeUser, type SignedInUser } from '../../platform/security/actor.ts';
import { Does } from '../../platform/security/does.ts';
import { type Asking, CatalogueService } from './catalogue.service.ts';

@Controller()
export class CatalogueController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly origin: PublicOrigin,
  ) {}

  @Serves(listCourses)
  @Does('course.list')
  list(
    @QueryOf(listCourses) query: QueryIn<typeof listCourses>,
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
  ): Promise<ReplyOf<typeof listCourses>> {
    return this.catalogue.list(query, this.asking(user, request));
  }

  @Serves(getCourse)
  @Does('course.read')
  get(
    @IdParam('courseId', CourseId) id: CourseId,
    @MaybeUser() user: SignedInUser | null,
    @Req() request: FastifyRequest,
  ): Promise<Course> {
    return this.catalogue.get(id, this.asking(user, request));
  }

  @Serves(listContinueWatching)
  @Does('course.list-begun')
  async continueWatching(
    @CurrentUser() user: SignedInUser,
    @Req() request: FastifyRequest,
  ): Promise<ReplyOf<typeof listContinueWatching>> {
    return { items: await this.catalogue.continueWatching(user.id, this.origin.ofStorage(request)) };
  }

  private asking(user: SignedInUser | null, request: FastifyRequest): Asking {
    return { userId: user?.id ?? null, storageOrigin: this.origin.ofStorage(request) };
  }
}

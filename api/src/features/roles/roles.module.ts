import { Module } from '@nestjs/common';
import { ApprovalsRepository } from './approvals.repository.ts';
import { ApprovalsService } from './approvals.service.ts';
import { RoleGrantsRepository } from './role-grants.repository.ts';
import { RoleViews } from './role-views.ts';
import { RolesController } from './roles.controller.ts';
import { RolesService } from './roles.service.ts';

/** Roles within the tree: who has which, who gives and takes them, and what takes two. */
@Module({
  controllers: [RolesController],
  providers: [RolesService, ApprovalsService, RoleGrantsRepository, ApprovalsRepository, RoleViews],
})
export class RolesModule {}

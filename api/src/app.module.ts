import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiConfig } from './config.ts';
import { AccountsModule } from './features/accounts/accounts.module.ts';
import { AttendanceModule } from './features/attendance/attendance.module.ts';
import { AuditModule } from './features/audit/audit.module.ts';
import { BankModule } from './features/bank/bank.module.ts';
import { BroadcastsModule } from './features/broadcasts/broadcasts.module.ts';
import { CertificatesModule } from './features/certificates/certificates.module.ts';
import { LecturesModule } from './features/lectures/lectures.module.ts';
import { LibraryModule } from './features/library/library.module.ts';
import { OperationsModule } from './features/operations/operations.module.ts';
import { OrganisationsModule } from './features/organisations/organisations.module.ts';
import { OneTimeCodesModule } from './features/one-time-codes/one-time-codes.module.ts';
import { PeopleModule } from './features/people/people.module.ts';
import { PlaybackMediaModule } from './features/playback-media/playback-media.module.ts';
import { RegistrationModule } from './features/registration/registration.module.ts';
import { PrivacyModule } from './features/privacy/privacy.module.ts';
import { RolesModule } from './features/roles/roles.module.ts';
import { ResidentsModule } from './features/residents/residents.module.ts';
import { ViewingModule } from './features/viewing/viewing.module.ts';
import { MediaLinkModule } from './media-link/media-link.module.ts';
import { PlatformModule } from './platform/platform.module.ts';

/** The table of contents. */
const FEATURES = [
  OrganisationsModule,
  AuditModule,
  RolesModule,
  AccountsModule,
  OneTimeCodesModule,
  PeopleModule,
  RegistrationModule,
  ResidentsModule,
  LecturesModule,
  BroadcastsModule,
  MediaLinkModule,
  LibraryModule,
  PlaybackMediaModule,
  PrivacyModule,
  ViewingModule,
  BankModule,
  CertificatesModule,
  AttendanceModule,
  OperationsModule,
];

@Module({})
export class AppModule {
  static with(config: ApiConfig): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.with(config), ...FEATURES] };
  }
}

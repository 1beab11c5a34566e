import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiConfig } from './config.ts';
import { AccountsModule } from './features/accounts/accounts.module.ts';
import { AttendanceModule } from './features/attendance/attendance.module.ts';
import { BankModule } from './features/bank/bank.module.ts';
import { CertificatesModule } from './features/certificates/certificates.module.ts';
import { ViewingModule } from './features/viewing/viewing.module.ts';
import { PlatformModule } from './platform/platform.module.ts';

/** The table of contents. */
@Module({})
export class AppModule {
  static with(config: ApiConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(config),
        AccountsModule,
        ViewingModule,
        BankModule,
        CertificatesModule,
        AttendanceModule,
      ],
    };
  }
}

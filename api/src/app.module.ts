import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiConfig } from './config.ts';
import { AccountsModule } from './features/accounts/accounts.module.ts';
import { PlatformModule } from './platform/platform.module.ts';

/** The table of contents. */
@Module({})
export class AppModule {
  static with(config: ApiConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.with(config), AccountsModule],
    };
  }
}

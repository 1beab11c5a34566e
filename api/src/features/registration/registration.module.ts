import { Module } from '@nestjs/common';
import { OneTimeCodesModule } from '../one-time-codes/one-time-codes.module.ts';
import { PeopleModule } from '../people/people.module.ts';
import { ConsentsRepository } from './consents.repository.ts';
import { Homes } from './homes.ts';
import { OwnIdentityController } from './own-identity.controller.ts';
import { OwnIdentityService } from './own-identity.service.ts';
import { PhoneProofs } from './phone-proofs.ts';
import { RegistrationController } from './registration.controller.ts';
import { RegistrationService } from './registration.service.ts';
import { StepUpController } from './step-up.controller.ts';
import { StepUpService } from './step-up.service.ts';

/** Coming in by phone, registering by real name, and showing again who one is. */
@Module({
  imports: [OneTimeCodesModule, PeopleModule],
  controllers: [RegistrationController, StepUpController, OwnIdentityController],
  providers: [RegistrationService, StepUpService, OwnIdentityService, Homes, PhoneProofs, ConsentsRepository],
})
export class RegistrationModule {}

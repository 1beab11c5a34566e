import { Module } from '@nestjs/common';
import { CertificateSigner } from './certificate-signer.ts';
import { CertificatesController } from './certificates.controller.ts';
import { CertificatesRepository } from './certificates.repository.ts';
import { CertificatesService } from './certificates.service.ts';

/** Proofs of completion, and their public check. */
@Module({
  controllers: [CertificatesController],
  providers: [CertificatesService, CertificatesRepository, CertificateSigner],
  exports: [CertificatesService],
})
export class CertificatesModule {}

import { OrgCode, type OrgUnitEdit, Population } from '@yike/contracts/http/organisations';

/** What is being written about a unit, as text; an empty field is nothing. */
export class UnitDraft {
  name = $state('');
  institutionName = $state('');
  population = $state('');
  code = $state('');

  constructor(from?: OrgUnitEdit) {
    this.name = from?.name ?? '';
    this.institutionName = from?.institutionName ?? '';
    this.population = from?.population?.toString() ?? '';
    this.code = from?.code ?? '';
  }

  get isPopulationWrong(): boolean {
    const text = this.population.trim();
    return text !== '' && !(/^\d+$/.test(text) && Population.safeParse(Number(text)).success);
  }

  get isCodeWrong(): boolean {
    const text = this.code.trim();
    return text !== '' && !OrgCode.safeParse(text).success;
  }

  get isReady(): boolean {
    return this.name.trim() !== '' && !this.isPopulationWrong && !this.isCodeWrong;
  }

  /** To be asked for when ready. */
  edit(): OrgUnitEdit {
    const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
    const population = textOrNull(this.population);
    return {
      name: this.name.trim(),
      institutionName: textOrNull(this.institutionName),
      population: population === null ? null : Number(population),
      code: textOrNull(this.code),
    };
  }
}

import { storeContract } from './store-contract.ts';
import { memoryStore } from './test-memory-store.ts';

storeContract(async () => {
  let now = 0;
  return {
    store: memoryStore(() => now),
    async runOut() {
      now += 41;
    },
  };
});

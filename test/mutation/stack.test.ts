// Switches each rule of the parallel stack and its NIC off in turn.

import { testRules } from './mutant';
import { STACK_RULES } from './stack-rules';

testRules(STACK_RULES);

/**
 * Whether the terminal is slow, or says every change aloud: then nothing ticks, and progress goes in steps.
 */
import {createContext, useContext} from 'react';

export const SlowContext = createContext(false);

export const useIsSlow = (): boolean => useContext(SlowContext);

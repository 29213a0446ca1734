/** In a function's body: with any other isolation a lock would be waited for and then be of no use, as what is read would be what was before. */
export const READ_COMMITTED_ONLY = `if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'the transaction isolation must be read committed' using errcode = 'AP003';
  end if;`;

-- 0059: reply_link_locked (0056) answers what this index did.
DROP INDEX reply_link_guessed;

"""Policies that users write in HCL → rules like any other."""

from packlint.policy.find import Library
from packlint.policy.idle import idle
from packlint.policy.policy import PolicyFile
from packlint.policy.pool import Pool
from packlint.policy.renamed import renamed
from packlint.policy.rule import PolicyRule, refuse_another
from packlint.policy.untold import untold

__all__ = ["Library", "PolicyFile", "PolicyRule", "Pool", "idle", "refuse_another", "renamed", "untold"]

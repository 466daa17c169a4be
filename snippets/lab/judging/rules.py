"""The constants of every rule by which a claim is judged and a site is published, and what they stand for."""

CAPACITY = 0.8
"""Share of the cores that a claim needs which the machine must have had to give: median over the rounds."""

STEAL = THROTTLED = 0.02
"""Share of CPU time that went to other machines, and of scheduling periods whose quota was used up."""

AGREE, ALIKE = 1.2, 1.05
"""How far apart one arm may seem when it runs twice in each round (A/A), and how far apart it may be for certain."""

SPREAD = 1.35
"""Upper end of a claim's interval over its lower end."""

MARGIN = 1.5
"""Noise above AGREE or SPREAD may pass where it is at most this part of the median's distance to the bound."""

BIAS = 0.5
"""A difference above ALIKE that is certain may pass where it is at most this part of that distance: it cannot carry the
median to the bound.
"""

PASSES = 3
"""The most passes of one measurement. A claim is judged after each, so after 7, 14 and 21 rounds; where the truth lies
at a bound, these three judgements together err in about 4 % of cases.
"""

AGREEING = 2
"""Of the passes, how many must lie outside on their own before a claim may be contradicted."""

NOISY_SHARE = 0.3
"""More claims than this too noisy to tell: the environment is unfit to publish from."""

ACCEPTED_DAYS = 30
"""A claim may stand on its last accepted value for so long."""

ELSEWHERE_DAYS = 400
"""What another machine measured may stand in for so long. Somebody looks at it once a year."""

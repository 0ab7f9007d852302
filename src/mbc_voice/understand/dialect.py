"""Spellings of other Englishes, as recognizers write what they hear, and what they stand for.

Owns the table that `normalize` reads: Scots, Jamaican, the American South and everyday slang. Words
that mean something else to most people ("wee", "bairn", "ken") are left alone. Pure data.
"""

from __future__ import annotations

_SCOTS = (
    "didnae=did not, didna=did not, cannae=can not, canna=can not, dinnae=do not, dinna=do not, "
    "isnae=is not, isna=is not, wasnae=was not, wisnae=was not, wouldnae=would not, couldnae=could "
    "not, shouldnae=should not, doesnae=does not, willnae=will not, winnae=will not, hasnae=has "
    "not, havenae=have not, hadnae=had not, arenae=are not, whit=what, dae=do, tae=to, noo=now, "
    "ma=my, heid=head, sair=sore, hame=home, airm=arm, ower=over, ye=you, yer=your, frae=from, "
    "fae=from, doon=down, oot=out, aboot=about, hoose=house, deid=dead, wumman=woman, guid=good, "
    "nae=no, mair=more, haud=hold, gie=give, hert=heart, bluid=blood, greetin=crying, wha=who"
)
_JAMAICAN = (
    "cyaan=can not, cyan't=can not, mi=my, di=the, fi=to, dem=them, inna=in, pon=on, yuh=you, "
    "dat=that, dis=this, wid=with, haffi=have to, nuttin=nothing, mout=mouth, bredda=brother"
)
_AMERICAN = (
    "finna=going to, tryna=trying to, gon=going to, fixin=fixing, whatcha=what are you, "
    "whatchu=what are you, outta=out of, lotta=lot of, hafta=have to, oughta=ought to, "
    "shoulda=should have, coulda=could have, woulda=would have, sorta=sort of, "
    "cuz=because, coz=because"
)
_ENGLISH = "nowt=nothing, owt=anything, summat=something, wot=what, cos=because, whats=what is"

DIALECT: dict[str, str] = dict(
    pair.split("=")
    for table in (_SCOTS, _JAMAICAN, _AMERICAN, _ENGLISH)
    for pair in table.split(", ")
)
"""A word and the words that it stands for."""

"""Little words: what every sentence of a language is held together by.

Written down for this project. A line without names still holds two or three of them, which is more than letters alone
say about "but it means". A word that two languages share proves nothing between those two, so lists may overlap.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    "en": "the of and to in is am was are were be been being it its that this these those there their they them with "
    "for from by on at as an a not but or if when while which who whose what where how why will would could "
    "should can may might must has have had do does did you your yours we our us he his him she her i my me "
    "more most other than then so such into over after before about between through during under against "
    "because also all any some only just new up out no one two first here now please read see get don't it's "
    "isn't wasn't can't",
    "fr": "le la les un une des du de au aux et est sont était étaient être été ce cet cette ces que qui quoi dont "
    "où dans sur sous avec sans pour par pas ne plus mais ou donc si il elle ils elles nous vous je tu on se "
    "sa son ses leur leurs notre nos votre vos mon ma mes y en a ont avait avoir fait faire comme même aussi "
    "très tout tous toute toutes après avant entre depuis selon lors chez encore déjà quand afin vers deux",
    "de": "der die das ja den dem des ein eine einen einem einer eines und oder aber ist sind war waren wird werden "
    "wurde wurden sein hat haben hatte hatten kann können muss müssen soll sollen nicht kein keine auch noch "
    "nur schon sehr mit von vom zu zum zur im in am an auf aus bei beim bis durch für gegen nach ohne über um "
    "unter vor wegen zwischen als wie wenn weil dass ob sie er es wir ihr ich du sich mich mir uns ihm ihn "
    "ihre ihren ihrer seine seinen seiner dieser diese dieses diesem diesen mehr hier so da was wer wo alle "
    "jetzt immer wieder man zwei",
    "es": "el la los las un una unos unas de del al y e o u que en es son era eran ser fue fueron está están estaba "
    "por para con sin sobre entre desde hasta no ni sí se su sus lo le les me mi mis te tu tus nos nuestro "
    "nuestra pero como más muy también cuando donde quien ya si porque este esta estos estas ese esa eso esto "
    "hay ha han había tiene tienen todo todos toda todas otro otra otros según durante después antes cada "
    "aquí dos puede",
    "it": "il lo la i gli le un uno una di del dello della dei degli delle dell a al allo alla ai agli alle da dal "
    "dalla dai in nel nello nella nei nelle con su sul sulla sui per tra fra e ed o ma che chi cui non è sono "
    "era erano essere stato stata ha hanno aveva si se ci mi ti vi lui lei loro noi voi io suo sua suoi più "
    "anche come quando dove perché questo questa questi queste quello quella molto tutto tutti tutte dopo "
    "prima ancora già quindi anni due può",
    "pt": "o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo pela pelos pelas para "
    "com sem sob sobre entre até desde e ou mas que quem se não é são era eram ser foi foram está estão tem "
    "têm tinha há seu sua seus suas ele ela eles elas nós você vocês eu me lhe isso isto este esta esse essa "
    "aquele mais muito também como quando onde porque já ainda depois antes todo todos toda todas outro outra "
    "cada dois pode",
    "nl": "de het een van in op te aan met voor door uit bij naar om over onder tegen tot en of maar dat die dit "
    "deze is zijn was waren wordt worden werd werden heeft hebben had hadden niet geen ook nog wel al er hij "
    "zij ze wij we ik je jij u uw jullie hun haar hem zich als dan toen wat wie waar hoe meer veel zo naar "
    "kan kunnen zal zullen moet moeten mag omdat tussen tijdens na andere alle twee hier nu",
    "ca": "el la els les un una uns unes de del dels al als i o que en a amb per sense sobre entre fins des no és "
    "són era eren ser va van ha han havia hi ho es se seu seva seus seves li els ens us em et però com més "
    "molt també quan on qui ja si perquè aquest aquesta aquests aquestes això tot tots tota totes altre "
    "altres després abans cada dos dues pot està estan fer té tenen pel pels",
    "gl": "o a os as un unha uns unhas de do da dos das en no na nos nas ao aos á ás por polo pola para con sen "
    "sobre entre ata desde e ou mais pero que non é son era eran ser foi foron está están ten hai seu súa "
    "seus súas el ela moi tamén como cando onde porque xa aínda despois todo todos",
    "da": "og i at det en er til på af for med den der som de ikke har et fra var kan om blev eller men vil han hun "
    "vi jeg du sig sin sit sine ved så efter over under mellem også bliver været skal skulle kunne ville hvor "
    "hvad hvem når da nu her denne dette disse mere meget alle andre ud op ind kun selv mod uden hans hendes "
    "deres os",
    "no": "og i å det en er til på av for med den der som de ikke har et fra var kan om ble eller men vil han hun "
    "vi jeg du seg sin sitt sine ved så etter over under mellom også blir vært skal skulle kunne ville hvor "
    "hva hvem når da nå her denne dette disse mer mye alle andre ut opp inn bare selv mot uten hans hennes "
    "deres oss",
    "sv": "och i att det en är till på av för med den som de inte har ett från var kan om blev eller men vill han "
    "hon vi jag du sig sin sitt sina vid så efter över under mellan också blir varit ska skulle kunde ville "
    "där vad vem när nu här denna detta dessa mer mycket alla andra ut upp in bara själv mot utan hans hennes "
    "deras oss ju än hade",
    "fi": "ja on ei oli se että joka jotka mutta kun myös niin kuin hän ovat ole olla tai jos sen sitä tämä tämän "
    "nyt vain jo vielä hänen mitä mukaan kanssa jälkeen ennen sekä joten koska kaikki muun",
    "is": "og í að er á til sem um við með af fyrir ekki en hann hún það þeir var eru hefur voru verið frá eftir þá "
    "þar einnig eða",
    "pl": "i w z na do o że się nie to jest są był była było były być jak ale czy lub oraz dla od po przez przy za "
    "ze pod nad przed między który która które których którzy tym tego ten ta te tych jego jej ich go mu im "
    "już tylko też także może można będzie będą więcej bardzo wszystkie jeszcze gdy kiedy gdzie co kto aby "
    "żeby bo ponieważ nas nam dwa",
    "cs": "a v z na do o že se ne to je jsou byl byla bylo byli být jak ale nebo pro od po při za ze pod nad před "
    "mezi který která které kteří tím toho ten ta ty jeho její jejich už jen také může bude budou více velmi "
    "ještě když kde co kdo aby protože nás si by podle",
    "sk": "a v z na do o že sa nie to je sú bol bola bolo boli byť ako ale alebo pre od po pri za zo pod nad pred "
    "medzi ktorý ktorá ktoré ktorí tým toho ten tá jeho jej ich už len tiež môže bude budú viac veľmi ešte "
    "keď kde čo kto aby pretože nás si by podľa",
    "hr": "i u na je su se da za od do s sa iz o po kao ali ili što koji koja koje kojih kako bi bio bila bilo biti "
    "nije nisu te to taj ta ovaj ova ovo njegov njihov samo još već više kad kada gdje jer ne ni prema između "
    "nakon prije pod pri će ima mogu može sve svi on ona oni mi vi",
    "sl": "in je na da se v za so z s ki po pa pri od do iz tudi kot ali ne ni bi bil bila bilo biti so smo ker ko "
    "če že še samo več med pred nad pod ta to te svoj njegov kateri",
    "ro": "și în de la cu pe din pentru că este sunt era au a al ai ale o un unei unui nu se să mai care ce cum dar "
    "sau prin după între fără până când unde foarte toate toți acest această acestea lui ei lor fost fi am "
    "are sa său",
    "hu": "a az és hogy nem is egy volt van vagy de csak már még mint meg azt ez ezt amely aki ki be el fel le után "
    "előtt között szerint pedig lehet kell minden ha más több nagyon",
    "tr": "ve bir bu da de için ile olarak olan daha çok gibi ne en kadar sonra önce ama ancak veya ya her o onun "
    "ben sen biz siz onlar değil var yok mi mı mu mü ise diye göre tarafından üzerinde arasında oldu olduğu "
    "olduğunu şu tüm",
    "id": "yang dan di ke dari untuk dengan pada ini itu adalah tidak akan telah sudah oleh dalam juga atau karena "
    "sebagai ada mereka kami kita saya anda dia lebih bisa dapat harus",
    "vi": "và của là có trong cho với được các những một không này đó khi đã sẽ từ ở để người về như cũng nhưng tại "
    "theo",
    "et": "ja on ei oli see et mis kes kui ka aga või ning oma selle seda need nad tema ta kuid juba veel pärast enne",
    "lt": "ir yra buvo kad kaip bet ar į iš su už prie nuo po dėl tai jis ji jie ne taip tik jau dar kurie kuris",
    "lv": "un ir bija ka kā bet vai uz no ar par pie pēc to tas tā viņš viņa nav arī tikai jau vēl kas kurš",
    "eu": "eta da ez dira izan zen du dute hau hori baina ere edo bat batzuk egin duen dela bere",
    "cy": "y yr a ac yn i o ar am ei eu mae oedd wedi gan gyda nid ond neu hyn",
    "ga": "an na agus is tá bhí ar ag le do go ní sé sí i ach nó",
    "sq": "dhe e të në një për me nga që është janë ishte nuk por ose si kur ku më",
    "af": "die van en in is het nie dat wat met vir op te aan om deur hy sy hulle ons maar ook as",
    "ru": "и в во не на я что он она оно они с со как а то все всё но за из по от до у о об к ко же бы был была "
    "было были быть есть это этот эта эти этого для или если так его её их ее им нас вас мы вы ты меня мне "
    "уже еще ещё только также при после перед между под над без через который которая которые которых где "
    "когда чтобы потому",
    "uk": "і й та в у не на я що він вона воно вони з із зі як а то все але за від до о об про к ж би був була було "
    "були бути є це цей ця ці цього для або якщо так його її їх їм нас вас ми ви ти мене мені вже ще тільки "
    "також при після перед між під над без через який яка які яких де коли щоб тому",
    "bg": "и в във на не да се е са от до с със за по как като но или че това този тази тези той тя те беше бяха ще "
    "има няма при след преди между под над без който която които когато където вече още само също",
    "el": "και το τα του της των τον την τους τις ο η οι να με για από στο στη στην στον στα στις σε που πως δεν "
    "είναι ήταν θα μας σας αυτό αυτή αυτός ένα μια έχει έχουν ότι αλλά ή αν πιο όταν όπως μετά πριν",
}

# Words and names that stand in texts of one language and are little words of others: "senior care" is not Romanian,
# "Los Angeles" not Spanish, "op-ed" not Dutch.
_FALSE_FRIENDS: Final[Mapping[str, str]] = {
    "en": "care come plus son den men man die van war wat hat per pro con sin era bat bet ben bis door mag due dove "
    "hay met mint pod polo pot prima need hem sense sit sob till tot ten ville hade bare los las mais mere mod mot com "
    "dit pas par pour sans sur",
    "de": "los las plus pro per",
    "pl": "on one my plus los",
}

# What stays in lower case in a name: articles, prepositions, and.
_JOINTS: Final = (
    "the of and to in for on a an with or at from by as der die das des dem den und von zu zur zum im am für auf de la "
    "le les du et à en sur pour aux l d del y e el los las por con para di della delle dei degli da al il lo i gli per "
    "do dos em na no van het een voor op och av för på og til w z dla v pro"
)
JOINTS: Final = frozenset(_JOINTS.split())
LISTED: Final = tuple(_WORDS)


@cache
def little_words(code: str) -> frozenset[str]:
    """The little words of a language; none where nobody has written them down."""
    return frozenset(_WORDS.get(code, "").split())


@cache
def telling_words(code: str, against: str) -> frozenset[str]:
    """The little words of one language that are none of another's."""
    return little_words(code) - little_words(against)


@cache
def false_friends(code: str) -> frozenset[str]:
    """Words that prove no other language in texts of this one."""
    return frozenset(_FALSE_FRIENDS.get(code, "").split())

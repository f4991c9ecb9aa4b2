"""Domains that do not tell whose they are."""

# ruff: noqa: SIM905  # words in a row are easier to read and to extend

# Anybody can have an address there.
FREEMAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it live.com live.co.uk
    live.fr live.nl msn.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.jp yahoo.co.in yahoo.com.br ymail.com
    rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com hey.com zoho.com
    gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de arcor.de posteo.de mailbox.org bluewin.ch orange.fr wanadoo.fr
    free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it btinternet.com sky.com virginmedia.com comcast.net
    verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net mail.ru yandex.ru yandex.com bk.ru inbox.ru list.ru rambler.ru
    qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net rediffmail.com bigpond.com optusnet.com.au xtra.co.nz
    telenet.be skynet.be ziggo.nl kpnmail.nl xs4all.nl seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl abv.bg ukr.net uol.com.br
    bol.com.br terra.com.br telia.com mail.com email.com mailinator.com
    """.split()
)
# Sites where the page, not the domain, is the company's.
SHARED_SITES = frozenset(
    """
    facebook.com fb.com linkedin.com instagram.com twitter.com x.com xing.com youtube.com youtu.be tiktok.com pinterest.com github.com
    gitlab.com google.com goo.gl bit.ly linktr.ee medium.com wikipedia.org amazon.com ebay.com etsy.com yelp.com tripadvisor.com
    crunchbase.com t.me wa.me linkedin.cn vk.com weibo.com threads.net bsky.app notion.site
    """.split()
)
# Domains under which anybody can have a subdomain, as under a top-level domain.
SHARED_SUFFIXES = frozenset(
    """
    wordpress.com blogspot.com wixsite.com weebly.com squarespace.com myshopify.com github.io gitlab.io netlify.app vercel.app
    herokuapp.com azurewebsites.net cloudfront.net amazonaws.com web.app firebaseapp.com pages.dev jimdo.com jimdosite.com
    business.site webflow.io tumblr.com strikingly.com godaddysites.com substack.com hubspotpagebuilder.com salesforce.com force.com
    zendesk.com uk.com us.com eu.com de.com
    """.split()
)
# Labels that stand before a country's top-level domain, as in co.uk.
SECOND_LEVELS = frozenset(
    """
    co com org net gov gob gouv gv govt edu ac ne or go ltd plc nhs sch mil info asso nom in firm gen ind web id
    """.split()
)

using System.Collections.Frozen;

namespace VoxMake.Text.Speech;

/// <summary>The abbreviations of a language, for those who cut sentences and those who read them out.</summary>
internal sealed class Abbreviations
{
    private readonly FrozenDictionary<string, Abbreviation> _byKey;

    public Abbreviations(IReadOnlyList<Abbreviation> all)
    {
        All = all;
        _byKey = all.ToFrozenDictionary(one => one.Key, StringComparer.Ordinal);
    }

    public IReadOnlyList<Abbreviation> All { get; }

    public static Abbreviations German { get; } = new(
    [
        new("z. B.", "zum Beispiel"), new("d. h.", "das heißt"), new("u. a.", "unter anderem", MayEnd: true), new("u. Ä.", "und Ähnliches", MayEnd: true),
        new("o. Ä.", "oder Ähnliches", MayEnd: true),
        new("i. d. R.", "in der Regel"), new("z. T.", "zum Teil"), new("z. Z.", "zur Zeit"), new("v. a.", "vor allem"), new("u. U.", "unter Umständen"), new("v. Chr.", "vor Christus", MayEnd: true),
        new("n. Chr.", "nach Christus", MayEnd: true), new("s. o.", "siehe oben", MayEnd: true), new("s. u.", "siehe unten", MayEnd: true), new("m. E.", "meines Erachtens"),
        new("usw.", "und so weiter", MayEnd: true),
        new("etc.", "et cetera", MayEnd: true), new("bzw.", "beziehungsweise"), new("ca.", "circa"), new("vgl.", "vergleiche"),
        new("evtl.", "eventuell"), new("ggf.", "gegebenenfalls"),
        new("inkl.", "inklusive"), new("exkl.", "exklusive"), new("sog.", null), new("bzgl.", "bezüglich"), new("zzgl.", "zuzüglich"), new("abzgl.", "abzüglich"), new("insb.", "insbesondere"),
        new("Dr.", "Doktor"), new("Prof.", "Professor"), new("Dipl.-Ing.", "Diplomingenieur"), new("Hr.", "Herr"), new("Hrn.", "Herrn"), new("Fr.", null), new("Nr.", "Nummer"),
        new("Nrn.", "Nummern"), new("St.", "Sankt"),
        new("Str.", "Straße", MayEnd: true), new("Tel.", "Telefon"), new("Std.", null, MayEnd: true), new("Min.", null, MayEnd: true), new("Sek.", null, MayEnd: true),
        new("Abs.", "Absatz", BeforeNumber: true), new("Art.", null, BeforeNumber: true), new("Bd.", "Band", BeforeNumber: true), new("Kap.", "Kapitel", BeforeNumber: true),
        new("Abb.", "Abbildung", BeforeNumber: true),
        new("Mio.", null, MayEnd: true), new("Mrd.", null, MayEnd: true), new("Jh.", null, MayEnd: true), new("Jhd.", null, MayEnd: true), new("geb.", "geboren"), new("gest.", "gestorben"),
        new("verh.", "verheiratet"), new("Hrsg.", null), new("Ing.", null), new("bspw.", "beispielsweise"), new("Bsp.", "Beispiel", MayEnd: true), new("i. A.", "im Auftrag", MayEnd: true),
        new("o. g.", null), new("ehem.", null), new("lt.", "laut"), new("gem.", "gemäß"),
        new("max.", "maximal"), new("mind.", "mindestens"), new("S.", "Seite", BeforeNumber: true), new("ff.", "fortfolgende", MayEnd: true), new("MwSt.", "Mehrwertsteuer", MayEnd: true),
        new("u. v. m.", "und vieles mehr", MayEnd: true), new("z. Hd.", "zu Händen"), new("Tel.-Nr.", "Telefonnummer"), new("a. D.", "außer Dienst", MayEnd: true),
        new("p. a.", "pro Jahr", MayEnd: true), new("Fa.", "Firma"), new("Frl.", "Fräulein"), new("Aufl.", "Auflage", MayEnd: true), new("Hbf.", "Hauptbahnhof", MayEnd: true), new("tgl.", "täglich"),
        new("wg.", "wegen"), new("zzt.", "zurzeit"), new("med.", null), new("Tsd.", null, MayEnd: true), new("usf.", "und so fort", MayEnd: true), new("vs.", "versus"),
        new("jr.", "junior", MayEnd: true),
        new("Jan.", null, BeforeNumber: true), new("Feb.", null, BeforeNumber: true), new("Aug.", null, BeforeNumber: true), new("Sept.", null, BeforeNumber: true),
        new("Okt.", null, BeforeNumber: true), new("Nov.", null, BeforeNumber: true), new("Dez.", null, BeforeNumber: true), new("Mo.", null, BeforeNumber: true),
        new("Di.", null, BeforeNumber: true), new("Mi.", null, BeforeNumber: true), new("Do.", null, BeforeNumber: true),
    ]);

    public static Abbreviations English { get; } = new(
    [
        new("Mr.", "Mister"), new("Mrs.", "Missus"), new("Ms.", "Miz"), new("Dr.", null), new("Prof.", "Professor"), new("Rev.", "Reverend"), new("Gen.", null), new("Col.", null),
        new("Capt.", "Captain"), new("Lt.", "Lieutenant"), new("Sgt.", "Sergeant"),
        new("e.g.", "for example"), new("i.e.", "that is"), new("etc.", "et cetera", MayEnd: true), new("vs.", "versus"), new("approx.", "approximately"), new("cf.", "compare"),
        new("et al.", "and others", MayEnd: true), new("viz.", "namely"),
        new("St.", null), new("Mt.", "Mount"), new("Ave.", "Avenue", MayEnd: true), new("Blvd.", "Boulevard", MayEnd: true), new("Rd.", null, MayEnd: true), new("No.", null, BeforeNumber: true),
        new("Nos.", null, BeforeNumber: true), new("Vol.", null, BeforeNumber: true), new("Fig.", null, BeforeNumber: true), new("pp.", null, BeforeNumber: true),
        new("Jr.", "Junior", MayEnd: true), new("Sr.", "Senior", MayEnd: true), new("Inc.", "Incorporated", MayEnd: true), new("Ltd.", "Limited", MayEnd: true), new("Co.", null, MayEnd: true),
        new("Corp.", "Corporation", MayEnd: true),
        new("Messrs.", "Messieurs"), new("Hon.", "Honorable"), new("Sen.", "Senator"), new("Rep.", null), new("Gov.", "Governor"), new("Pres.", "President"), new("Dept.", "Department", MayEnd: true),
        new("Univ.", "University"), new("est.", "established", BeforeNumber: true), new("max.", "maximum", BeforeNumber: true), new("min.", "minimum", BeforeNumber: true),
        new("a.k.a.", "also known as"), new("w/o", "without"), new("resp.", "respectively", MayEnd: true), new("incl.", "including"), new("esp.", "especially"),
        new("Mon.", null, BeforeNumber: true), new("Tue.", null, BeforeNumber: true), new("Wed.", null, BeforeNumber: true), new("Thu.", null, BeforeNumber: true),
        new("Fri.", null, BeforeNumber: true),
        new("Mar.", null, BeforeNumber: true), new("Apr.", null, BeforeNumber: true), new("Jun.", null, BeforeNumber: true), new("Jul.", null, BeforeNumber: true),
        new("a.m.", null, MayEnd: true), new("p.m.", null, MayEnd: true), new("U.S.", null, MayEnd: true), new("U.K.", null, MayEnd: true), new("Jan.", null, BeforeNumber: true),
        new("Feb.", null, BeforeNumber: true), new("Aug.", null, BeforeNumber: true), new("Sept.", null, BeforeNumber: true), new("Oct.", null, BeforeNumber: true),
        new("Nov.", null, BeforeNumber: true), new("Dec.", null, BeforeNumber: true),
    ]);

    /// <summary>Of all languages that are known here, for texts of one that is not told.</summary>
    public static Abbreviations Any { get; } = new([.. German.All.Concat(English.All).DistinctBy(one => one.Key)]);

    public Abbreviation? Find(string key) => _byKey.GetValueOrDefault(key);
}

using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Speech;

public class SentenceSplitterTests
{
    [Theory]
    [InlineData("Das geht, z. B. Dienstag. Oder z.B. Mittwoch.", "Das geht, z. B. Dienstag.|Oder z.B. Mittwoch.")]
    [InlineData("Dr. Meier kam. Prof. Dr. Huber ging.", "Dr. Meier kam.|Prof. Dr. Huber ging.")]
    [InlineData("Äpfel, Birnen usw. Dann kam er. Äpfel usw. kosten viel.", "Äpfel, Birnen usw.|Dann kam er.|Äpfel usw. kosten viel.")]
    [InlineData("Am 3. Mai war es kalt. Im 19. Jahrhundert nicht.", "Am 3. Mai war es kalt.|Im 19. Jahrhundert nicht.")]
    [InlineData("Er wurde 3. Dann fiel er zurück. Das war 1990. Die Mauer war weg.", "Er wurde 3.|Dann fiel er zurück.|Das war 1990.|Die Mauer war weg.")]
    [InlineData("Es kostet 2.500 Euro. Pi ist 3.14. Gut.", "Es kostet 2.500 Euro.|Pi ist 3.14.|Gut.")]
    [InlineData("J. S. Bach und C. P. E. Bach. Beide gut.", "J. S. Bach und C. P. E. Bach.|Beide gut.")]
    [InlineData("Ludwig XIV. regierte lange. Unter Ludwig XIV. Kaiser sein.", "Ludwig XIV. regierte lange.|Unter Ludwig XIV. Kaiser sein.")]
    [InlineData("„Komm!“, rief er. „Wohin?“ Niemand kam.", "„Komm!“, rief er.|„Wohin?“|Niemand kam.")]
    [InlineData("„Komm her!“ rief er. Sie kam.", "„Komm her!“ rief er.|Sie kam.")]
    [InlineData("Nun … ja. Gut... Dann eben nicht. Was?! Nein!", "Nun … ja.|Gut...|Dann eben nicht.|Was?!|Nein!")]
    [InlineData("Das sind 5 Mio. Euro. Und 10 Min. Pause.", "Das sind 5 Mio. Euro.|Und 10 Min. Pause.")]
    [InlineData("1. Der Anfang. \n2. Das Ende.", "1. Der Anfang.|2. Das Ende.")]
    [InlineData("Ich heiße Jan. Wer bist du? Am Do. 3. Mai?", "Ich heiße Jan.|Wer bist du?|Am Do. 3. Mai?")]
    [InlineData("Haha. <laugh> Das war gut! <sigh> Ja.", "Haha.|<laugh> Das war gut!|<sigh> Ja.")]
    public void German_sentences_end_where_they_end(string text, string sentences) => Assert.Equal(sentences.Split('|'), SentenceSplitter.Of("de").Sentences(text));

    [Theory]
    [InlineData("Mr. Smith met Mrs. Jones. They talked.", "Mr. Smith met Mrs. Jones.|They talked.")]
    [InlineData("Fruit, e.g. Apples, etc. Then he left.", "Fruit, e.g. Apples, etc.|Then he left.")]
    [InlineData("No. Not now. See No. 5. Fine.", "No.|Not now.|See No. 5.|Fine.")]
    [InlineData("So do I. J. K. Rowling agrees.", "So do I.|J. K. Rowling agrees.")]
    [InlineData("She said \"stop.\" Then (at last.) He did.", "She said \"stop.\"|Then (at last.)|He did.")]
    [InlineData("\"Why?\" he asked. “Because.” Nothing.", "\"Why?\" he asked.|“Because.”|Nothing.")]
    [InlineData("At 5 p.m. He came at 6 a.m. yesterday.", "At 5 p.m.|He came at 6 a.m. yesterday.")]
    [InlineData("It is 3.5. It was in 1990. Look at example.com now.", "It is 3.5.|It was in 1990.|Look at example.com now.")]
    public void English_sentences_end_where_they_end(string text, string sentences) => Assert.Equal(sentences.Split('|'), SentenceSplitter.Of("en-GB").Sentences(text));

    [Theory]
    [InlineData("これは文です。「はい。」二つ目！", "これは文です。|「はい。」|二つ目！")]
    [InlineData("यह एक वाक्य है। दूसरा।", "यह एक वाक्य है।|दूसरा।")]
    [InlineData("هل هذا سؤال؟ نعم.", "هل هذا سؤال؟|نعم.")]
    [InlineData("Это т. е. он. Вот!", "Это т. е. он.|Вот!")]
    public void Scripts_have_their_own_marks(string text, string sentences) => Assert.Equal(sentences.Split('|'), SentenceSplitter.Of("xx").Sentences(text));

    [Theory]
    [InlineData("a b, c d e f g h", 10, "a b,|c d e f g|h")]
    [InlineData("eins. zwei. drei, vier", 12, "eins. zwei.|drei, vier")]
    [InlineData("Dr. Meier, hm. Ja.", 14, "Dr. Meier, hm.|Ja.")]
    [InlineData("e\u0301e\u0301e\u0301", 3, "e\u0301|e\u0301|e\u0301")]
    [InlineData("长句子，没有空格，还要继续写下去", 9, "长句子，没有空格，|还要继续写下去")]
    public void Within_a_sentence_that_is_too_long_it_is_cut_at_commas_and_then_at_spaces(string text, int limit, string pieces) =>
        Assert.Equal(pieces.Split('|'), SentenceSplitter.Of("de").Pieces(text, limit));

    [Fact]
    public void Sentences_of_a_long_text_take_time_that_grows_with_it()
    {
        foreach (var part in new[] { ".", ". ", "\". ", "Dr. ", "z. B. ", "(", "… (", "1. ", "a" })
        {
            var text = string.Concat(Enumerable.Repeat(part, 100_000));
            Assert.Equal(string.Concat(text.Where(c => c != ' ')), string.Concat(string.Concat(SentenceSplitter.Any.Pieces(text, 400)).Where(c => c != ' ')));
        }
    }
}
